// Hosting: what the declaration alone says about which Edge pool has which part.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "controller/federation/protocol.h"

namespace poolshift {

// Some site declares a host for the protocol.
bool IsDeclared(const Organization& organization, Protocol protocol);

// Who hosts what, collected once: every question is about one pool, and there may be thousands of
// sites. Holds names, borrows nothing.
class Hosting {
 public:
  explicit Hosting(const Organization& organization);

  // Some site declares a host for the protocol.
  bool IsDeclared(Protocol protocol) const;
  // Some site declares this Edge pool (manifest name) as host. Where sites may diverge there are
  // several; otherwise it is DeclaredHost().
  bool IsDeclaredHost(Protocol protocol, const std::string& pool) const;
  // DeclaredHost(): the common host of all sites, "" when none or several.
  const std::string& CommonHost(Protocol protocol) const {
    return common_[static_cast<std::size_t>(protocol)];
  }
  // The topology and the sites' routes say who hosts the protocol. Where they do not, because its
  // hosts stand in no topology, who hosts it is who serves and is named in DNS.
  bool IsRouted(Protocol protocol) const { return routed_[static_cast<std::size_t>(protocol)]; }
  // The pool stands in a static XMPP order: it needs flag and listener, hosting or not (D7).
  bool IsXmppStandby(const EdgePool& pool) const;
  // Who takes calls for the users of this Front End pool (FQDN), as declared: its backup pool while
  // it is served by that, else itself. Of any other name, the name.
  const std::string& Serving(const std::string& fqdn) const;
  // The pool must be able to take XMPP streams: a declared host, or a standby in service.
  bool ServesXmpp(const EdgePool& pool) const;

 private:
  std::set<std::string> hosts_[2];  // by protocol
  std::string common_[2];
  bool routed_[2] = {};  // by protocol
  std::set<std::string> standbys_;
  std::map<std::string, std::string> backups_;  // FQDN of a pool served by its backup -> of that
};

// `fqdn` is a Director that hands federation to the Edge pool `pool` (manifest name, I-4).
bool IsDirectorOf(const Organization& organization, std::string_view fqdn, std::string_view pool);

}  // namespace poolshift
