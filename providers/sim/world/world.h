// World: one whole Lync organisation as plain data, the state that the simulated platform is in.
//
// A world is pure: it has no clock, no threads, no I/O. Whoever uses it passes the time. What
// happens by itself as time goes by (replicas catch up, resolvers forget, partners connect again,
// fences expire) is derived when asked (replication.h, resolver.h, streams.h) and written down only
// when something changes (Settle in change.h). Thread-compatible. Behaviour and file format:
// docs/sim.md.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "controller/model/fence_claim.h"
#include "providers/sim/world/fault_rule.h"

namespace poolshift::sim {

template <typename T>
using ByName = std::map<std::string, T, std::less<>>;

// What one Edge server does of the topology document: the flags and next hop of its pool.
struct Projection {
  bool federation = false;  // 5061
  bool xmpp = false;        // 5269
  std::string next_hop;     // internal FQDN of a Front End pool or Director
  bool operator==(const Projection&) const = default;
};

// In the order of kinds::kRoles.
enum class Role { kReplica, kAccessEdge, kWebConf, kAvAuth, kAvRelay, kXmppProxy };
inline constexpr std::size_t kRoleCount = 6;

enum class RunState { kRunning, kStopped, kStarting, kStopping };
enum class StartMode { kAutomatic, kManual, kDisabled };

struct Service {
  RunState state = RunState::kRunning;
  StartMode start_mode = StartMode::kAutomatic;
  bool operator==(const Service&) const = default;
};

// A local copy of the central store, as it was when the copy was last written down.
struct Replica {
  std::int64_t watermark = 0;
  Projection holds;  // Edge servers only
  absl::Time since =
      absl::InfinitePast();  // when it began to follow the master; InfiniteFuture: it does not
  bool operator==(const Replica&) const = default;
};

struct EdgeServer {
  std::string pool;
  std::vector<std::string> addresses;  // public Access Edge addresses
  bool power = true;
  std::array<Service, kRoleCount> services;
  Projection installed;  // what the components match
  Replica replica;
  // Servers inside that its accessEdge takes for alive; absent: it cannot tell.
  std::optional<std::int64_t> ways_inside;
  std::string thumbprint;  // of an external certificate of its own; empty: its pool's

  const Service& service(Role role) const { return services[static_cast<std::size_t>(role)]; }
  Service& service(Role role) { return services[static_cast<std::size_t>(role)]; }
  bool runs(Role role) const { return power && service(role).state == RunState::kRunning; }
};

struct FrontEndServer {
  std::string pool;
  bool power = true;
  Replica replica;
};

// What the topology said of a pool before a write: local copies older than `replaced_by` still hold
// it.
struct FormerProjection {
  std::int64_t replaced_by = 0;
  Projection projection;
};

struct CertificateOnPool {
  std::vector<std::string> names;
  std::string not_after;   // RFC 3339
  std::string thumbprint;  // hexadecimal, upper case
  bool operator==(const CertificateOnPool&) const = default;
};

struct EdgePool {
  std::string site;
  std::string access_edge, web_conferencing, av;  // external names, may be empty
  std::vector<std::string> servers;
  Projection published;                  // in the central store
  std::vector<FormerProjection> former;  // oldest first; only what a copy may still take over
  CertificateOnPool external, internal;  // the same on every server of the pool
};

// One value for each of the three service types that carry it.
struct Association {
  std::string registrar, conferencing, mediation;
  std::int64_t watermark = 0;  // write that set it
  bool consistent() const { return registrar == conferencing && registrar == mediation; }
};

struct FrontEndPool {
  std::string site;
  std::vector<std::string> servers;
  std::string backup_pool;
  Association edge_pool;
  bool served_by_backup = false;
};

struct Director {
  std::string site, edge_pool;
  std::vector<std::string> servers;  // known by name, without behaviour of their own
};

struct SiteRoutes {
  std::string federation, xmpp;  // pool FQDN, empty = unset
  std::int64_t watermark = 0;    // write that set them
};

struct StoreWrite {
  std::int64_t watermark = 0;
  absl::Time at;
};

// What was written and takes no effect, because nobody ran Enable-CsTopology after it.
enum class Waiting { kNothing, kRoutes, kDocument };

struct CentralStore {
  std::string pool;   // master, a Front End pool; may be empty: there is none
  bool alive = true;  // the database itself; see StoreAlive in replication.h
  std::int64_t watermark = 1;
  Waiting waiting = Waiting::kNothing;
  std::int64_t settled = 1;        // every copy that follows for long enough holds at least this
  std::vector<StoreWrite> recent;  // writes after `settled`, oldest first
};

// What resolvers on the Internet still answer until they forget.
struct CachedRecords {
  std::vector<std::string> records;  // empty: that there is none
  absl::Time until;
};

struct RecordSet {
  std::vector<std::string> records;  // sorted; empty: deleted, kept while it is remembered
  std::int64_t ttl = 300;
  std::string owner;
  std::optional<CachedRecords> cached;
};

struct NameServer {
  std::int64_t ttl = 300;          // of record sets that do not say
  std::int64_t negative_ttl = 60;  // how long resolvers remember that there is no record
  std::int64_t serial = 1;
  std::string owner;          // of record sets that do not say
  ByName<RecordSet> records;  // "<name>/<type>"
};

struct Domain {
  bool sip = true, xmpp = true;
};

struct Partner {
  bool sip = true, xmpp = true;
  int streams = 1;  // to each server that answers
  std::string tls = "required", sasl = "required";
  bool dialback = false;
};

enum class Protocol { kSip, kXmpp };

// Who talks to us about what: one partner, one of our domains, one protocol.
struct LinkKey {
  std::string partner, domain;
  Protocol protocol = Protocol::kSip;
  auto operator<=>(const LinkKey&) const = default;
};

struct Link {
  ByName<absl::Time> servers;                  // established streams and since when
  absl::Time retry_at = absl::InfinitePast();  // without streams: when the partner tries again
};

struct FenceRule {
  enum class Mode { kReset, kDrop };
  Mode mode = Mode::kReset;
  absl::Time expires = absl::InfiniteFuture();
};

struct FirewallRule {
  std::string from = "*", to = "*";  // patterns over vantage, partner, server, pool, address
  int port = 0;                      // 0 = any
  // Silence, a reset, or ICMP "unreachable" from on the way.
  enum class Mode { kDrop, kReset, kTurnBack };
  Mode mode = Mode::kDrop;
};

enum class PowerOn { kAutomatic, kStopped };

struct World {
  std::string organization;
  ByName<SiteRoutes> sites;
  ByName<EdgePool> edge_pools;
  ByName<EdgeServer> edge_servers;
  ByName<FrontEndPool> front_end_pools;
  ByName<FrontEndServer> front_end_servers;
  ByName<Director> directors;
  CentralStore store;
  bool allow_federated_users = true, enable_federation_access = true, enable_xmpp_access = true;
  ByName<Domain> domains;
  ByName<Partner> partners;
  std::map<LinkKey, Link> links;
  NameServer dns;
  std::set<std::string, std::less<>> vantages;
  std::vector<FirewallRule> firewall;
  ByName<FenceRule> fences;  // "<address>/<port>"
  absl::Duration replication_lag = absl::Milliseconds(200);
  absl::Duration reconnect_delay = absl::Milliseconds(200);  // after a partner has lost its streams
  ByName<absl::Duration> durations;  // kind -> how long a change takes; kinds not named take none
  PowerOn power_on = PowerOn::kAutomatic;
  std::vector<FaultRule> faults;

  // Bookkeeping of the simulated platform.
  StandingFence fence;                                       // against other controllers
  std::vector<std::pair<std::string, std::string>> applied;  // key, resource; newest last, bounded
  std::string made_from;                  // digest of the world file that this state began as
  ByName<std::string> server_of_address;  // derived from edge_servers

  const EdgeServer* FindEdgeServer(std::string_view fqdn) const;
  const EdgePool* FindEdgePool(std::string_view fqdn) const;
  // Whether `fqdn` is the next hop of some Edge pool; the name of one such pool, or "".
  std::string NextHopOf(std::string_view fqdn) const;
};

std::string_view Name(Role role);
std::string_view Name(RunState state);
std::string_view Name(StartMode mode);
std::string_view Name(Protocol protocol);
std::string_view Name(FenceRule::Mode mode);
std::string_view Name(FirewallRule::Mode mode);
std::string_view Name(Waiting waiting);  // "", "routes", "document"
std::optional<Role> ParseRole(std::string_view text);
std::optional<RunState> ParseRunState(std::string_view text);
std::optional<StartMode> ParseStartMode(std::string_view text);
std::optional<Waiting> ParseWaiting(std::string_view text);
std::optional<Protocol> ParseProtocol(std::string_view text);

// "<left>/<right>", split at the last slash; `right` is empty when there is none.
std::pair<std::string_view, std::string_view> SplitLast(std::string_view name);

// Fills `server_of_address`.
void IndexAddresses(World& world);

// '*' stands for any run of letters.
bool Matches(std::string_view pattern, std::string_view text);

}  // namespace poolshift::sim
