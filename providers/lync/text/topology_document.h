// The topology document (Get-CsTopology -AsXml): what it says of Edge pools, and the two port flags
// set in it. Nothing else is ever changed: an edit cuts out or puts in whole Port elements, and
// every other byte stays as it was read. Pure.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace poolshift::lync {

struct MachineInDocument {
  std::string fqdn;
  std::vector<std::string> inside;   // addresses of internal interfaces, 0.0.0.0 left out
  std::vector<std::string> outside;  // configured addresses of external ones
};

struct EdgePoolInDocument {
  std::string site;
  bool federation = false;  // External 5061 Mtls of the Access Edge
  bool xmpp = false;        // External 5269 and Internal 23456 of the XMPP proxy
  std::string next_hop;     // "" = none
  // A flag that is neither on nor off (another port, half of a pair): nothing may be concluded.
  std::string fault;
  std::string access_edge, web_conferencing, av;  // external names, "" = none
  std::vector<MachineInDocument> machines;
};

struct InternalPoolInDocument {
  std::string site;
  bool director = false;
  std::vector<std::string> machines;
};

// Which flags to set; what is not named stays.
struct WantedFlags {
  std::optional<bool> federation, xmpp;
};

class TopologyDocument {
 public:
  // InvalidArgument: it is no topology document, and why.
  static absl::StatusOr<TopologyDocument> Parse(std::string text);
  TopologyDocument(TopologyDocument&&) noexcept;
  TopologyDocument& operator=(TopologyDocument&&) noexcept;
  ~TopologyDocument();

  const std::string& text() const { return text_; }
  // Of its bytes: the token of compare-and-set.
  std::string digest() const;

  // By FQDN in lower case.
  const std::map<std::string, EdgePoolInDocument>& edge_pools() const { return edge_pools_; }
  const std::map<std::string, InternalPoolInDocument>& internal_pools() const { return internal_; }
  const std::vector<std::string>& sites() const { return sites_; }
  // FQDN of the pool that the machine is in; "" = in none.
  std::string PoolOf(std::string_view machine) const;

  // The text with these flags. NotFound: no such Edge pool. FailedPrecondition: a flag of a pool
  // that is to change is in a state of its own, or the change could not be taken back.
  absl::StatusOr<std::string> WithFlags(const std::map<std::string, WantedFlags>& wanted) const;

 private:
  class Tree;

  // As WithFlags, and nobody has looked at what came of it.
  absl::StatusOr<std::string> Edited(const std::map<std::string, WantedFlags>& wanted) const;

  explicit TopologyDocument(std::string text);

  std::string text_;
  std::unique_ptr<Tree> tree_;
  std::map<std::string, EdgePoolInDocument> edge_pools_;
  std::map<std::string, InternalPoolInDocument> internal_;
  std::vector<std::string> sites_;
};

}  // namespace poolshift::lync
