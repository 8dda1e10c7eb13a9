// DnsTransport: one signed question or update to one name server, and its verified answer.
//
// The rest of the provider speaks to name servers through this interface only. Thread-safe: every
// call has its own socket and shares nothing but the key, which never changes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "providers/dns/update/record.h"

namespace poolshift::dns {

struct Endpoint {
  std::string address;  // IPv4 or IPv6, as text
  std::uint16_t port = 53;
  auto operator<=>(const Endpoint&) const = default;
};

// "192.0.2.53:53", "[2001:db8::53]:53"
std::string ToString(const Endpoint& endpoint);

// RFC 2136 §2.4. `exists` with records: this RRset exists with exactly these records, whatever
// their TTL (the compare of compare-and-swap); without: it exists. Not `exists`: there is no such
// RRset.
struct Prerequisite {
  std::string name, type;
  bool exists = false;
  std::vector<Fields> records;
};

// RFC 2136 §2.5, carried out in order.
struct Change {
  enum class Kind { kDeleteSet, kDeleteRecord, kAdd };
  Kind kind = Kind::kAdd;
  std::string name, type;
  std::uint32_t ttl = 0;  // of kAdd
  Fields fields;          // of kDeleteRecord and kAdd
};

// All of it happens, or nothing.
struct UpdateMessage {
  std::string zone;
  std::vector<Prerequisite> prerequisites;
  std::vector<Change> changes;
};

enum class Rcode {
  kNoError = 0,
  kFormErr = 1,
  kServFail = 2,
  kNxDomain = 3,
  kNotImp = 4,
  kRefused = 5,
  kYxDomain = 6,
  kYxRrset = 7,
  kNxRrset = 8,
  kNotAuth = 9,
  kNotZone = 10,
};
// "NXRRSET"; "RCODE 23" when it has no name here.
std::string ToString(Rcode rcode);

// TSIG errors, RFC 8945 §5.2.
inline constexpr int kBadSig = 16;
inline constexpr int kBadKey = 17;
inline constexpr int kBadTime = 18;
inline constexpr int kBadTrunc = 22;

struct Reply {
  enum class State {
    kAnswered,  // the answer's signature was verified; or it is an unsigned refusal received over
                // TCP
    kNotSent,   // nothing left this machine
    kLost,      // sent, and no trustworthy answer came back: an update may or may not have happened
  };
  State state = State::kNotSent;
  std::string problem;    // why not answered
  bool verified = false;  // false only for an unsigned refusal (RFC 8945 allows servers no better)
  Rcode rcode = Rcode::kNoError;
  int tsig_error = 0;           // of the answer's TSIG record
  bool authoritative = false;   // AA
  std::vector<Record> records;  // answer section, supported types only
};

class DnsTransport {
 public:
  virtual ~DnsTransport() = default;

  // By `deadline` at the latest.
  virtual Reply Query(const Endpoint& server,
                      std::string_view name,
                      std::string_view type,
                      absl::Time deadline) = 0;

  // Sends `update` once over TCP, or once over UDP and, when the answer was truncated or an
  // unsigned refusal, once more over TCP: the prerequisites see to it that the second copy of an
  // applied update changes nothing.
  virtual Reply Update(const Endpoint& server,
                       const UpdateMessage& update,
                       absl::Time deadline) = 0;
};

}  // namespace poolshift::dns
