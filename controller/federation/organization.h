// Organization: the declaration of one organisation, complete and consistent, as the manifest floor
// makes it.
//
// Every reference has been resolved, every name is lower case where DNS compares without case, and
// every entity knows the line it came from. It is never changed after it was made.
// Thread-compatible.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/federation/automation.h"
#include "controller/federation/commit_trust.h"
#include "controller/federation/product.h"
#include "controller/model/diagnostics.h"
#include "controller/model/notification.h"
#include "controller/model/secret_ref.h"
#include "controller/model/value.h"

namespace poolshift {

// Which Edge pool (manifest name) hosts a protocol; empty = this protocol is not declared.
struct Hosts {
  std::string federation;  // SIP federation, TCP 5061
  std::string xmpp;        // XMPP federation, TCP 5269
  Origin federation_origin;
  Origin xmpp_origin;
};

struct Site {
  std::string name;  // as the platform knows it: "Site1"
  Hosts hosts;       // effective: Site.spec.hosts over Organization.spec.hosts (D4)
  Origin origin;
};

struct EdgeServer {
  std::string fqdn;                    // internal machine name
  std::vector<std::string> addresses;  // public Access Edge addresses (IPv4 or IPv6), at least one
};

struct EdgePool {
  enum class Condition { kInService, kOutOfService };
  std::string name;  // manifest name
  std::string site;  // Site name
  // One, or one for each protocol (Kamailio and Prosody on the same machines); in the order of the
  // enumeration.
  std::vector<Product> products = {Product::kLyncServer2013};
  // Internal pool FQDN: service identity "EdgeServer:<fqdn>". Of a pool outside any topology that
  // has none, the manifest name.
  std::string fqdn;
  std::string access_edge_fqdn;                // external name, in a declared domain
  std::string web_conferencing_fqdn, av_fqdn;  // external names, may be empty
  std::vector<EdgeServer> servers;             // at least one
  std::string next_hop;  // internal FQDN of a Front End pool or Director; "" outside any topology
  Condition condition = Condition::kInService;
  std::string reason;  // required when out of service (D3)
  std::string
      stand_in;  // Edge pool name used by `conferencing: local` meanwhile (D4); may be empty
  Origin origin, condition_origin, product_origin, next_hop_origin;

  // product.h: a topology stands behind it.
  bool in_topology() const;
  // All public Access Edge addresses, sorted.
  std::vector<std::string> addresses() const;
};

struct FrontEndPool {
  enum class ServedBy { kAsObserved, kHome, kBackup };
  enum class Condition { kInService, kOutOfService };
  std::string name;
  std::string site;
  std::string fqdn;                  // internal pool FQDN: "Registrar:<fqdn>"
  std::vector<std::string> servers;  // machine FQDNs, at least one
  // Edge pool (manifest name) used by Web Conferencing and A/V Conferencing, `local` already
  // resolved (D4); empty = not declared, keep as observed.
  std::string conferencing;
  bool conferencing_is_temporary = false;  // a stand-in of the local pool
  ServedBy served_by = ServedBy::kAsObserved;
  std::string backup_pool;  // Front End pool name, may be empty
  Condition condition = Condition::kInService;
  std::string reason;  // required when out of service (D14)
  Origin origin, condition_origin, backup_origin, conferencing_origin, served_by_origin;
};

struct Director {
  std::string name, site, fqdn;
  std::vector<std::string> servers;
  std::string edge_pool;  // Edge pool name it hands federation to
  Origin origin;
};

enum class SipDnsStyle { kSrvTarget, kGtm };
enum class XmppDnsStyle { kFloatingA, kStaticSrv };

struct SipDomain {
  SipDnsStyle style = SipDnsStyle::kSrvTarget;
  std::string gtm_name;  // when style is kGtm
  absl::Duration ttl = absl::Seconds(300);
};

struct XmppDomain {
  XmppDnsStyle style = XmppDnsStyle::kFloatingA;
  std::string host;                // floating A name, default "xmpp.<domain>"; in the domain
  std::vector<std::string> order;  // static style: Edge pool names after the host, in order
  absl::Duration ttl = absl::Seconds(300);
};

struct Domain {
  std::string name;  // "contoso.com"
  std::string zone;  // DNS zone that holds its records, default the name
  std::optional<SipDomain> sip;
  std::optional<XmppDomain> xmpp;
  std::vector<std::string>
      remote_access_order;  // Edge pool names for _sip._tls, asserted only (D16)
  Origin origin, sip_origin, xmpp_origin;
};

struct Partner {
  enum class Discovery { kDns, kDirect, kHybrid };
  std::string domain;
  bool sip = false, xmpp = false;
  Discovery discovery = Discovery::kDns;
  std::string pinned_name;  // proxy name the partner configured, when not kDns
  std::string contact;
  Origin origin;
  // Names of ours that it lets in, as its people have told ours; empty: it keeps no list.
  std::vector<std::string> accepts_names = {};
  Origin accepts_origin = {};
};

// What a provider is responsible for. An empty list means "any".
struct Responsibility {
  std::vector<std::string> kinds;  // kind names; "*" or empty = every kind that the provider offers
  std::vector<std::string> sites;  // Site names
  std::vector<std::string> zones;  // DNS zones
  std::vector<std::string> vantages;
};

struct ProviderDeclaration {
  std::string name;
  std::string type;                          // "sim", "dns", "manual": never a path
  std::vector<Responsibility> serves;        // empty: everything it offers
  Value configuration = Value::Map{};        // type-specific, checked by the provider
  std::map<std::string, SecretRef> secrets;  // handed over by reference
  std::string observe_with;                  // type "manual": provider whose eyes it uses
  int max_concurrent = 8;                    // actions at a time; what people do is not counted
  Origin origin;
};

// A change window: writes are allowed inside (D20). Times are UTC.
struct Window {
  std::vector<absl::Weekday> days;           // empty = every day
  int from_minute = 0, to_minute = 24 * 60;  // minutes of the day, [from, to)
  Origin origin;
};

// In which order flags and site routes change when SIP federation moves (D10); sip_order.h.
enum class SipOrder { kAuto, kDetach, kSwapThenRoute, kMakeBeforeBreak, kAtomic };
// As in a manifest: "auto", "detach", "swapThenRoute", "makeBeforeBreak", "atomic".
std::string_view Name(SipOrder order);

struct Policy {
  enum class Procedure { kServeFirst, kDocumented };
  // What follows when a gate does not open: stop and let people look, or the way back.
  enum class GateFailure { kHold, kBackOut };
  Procedure procedure = Procedure::kServeFirst;
  SipOrder sip_order = SipOrder::kAuto;
  Origin sip_order_origin;
  // Empty where the manifest does not say it.
  Origin procedure_origin, divergent_origin, two_flags_origin, enable_origin;
  bool allow_divergent_routes = false;
  bool allow_multiple_federated_pools = false;  // I-1 opt-out: SIP order (c)
  int max_actions = 0;                          // 0 = no limit (G14)
  int max_deletions = 0;                        // 0 = no limit
  std::vector<std::string> vantages;  // outside vantages for probes; empty = the provider's own
  int vantages_required = 1;          // k of n that must agree that a pool is dead (D3)
  int probes = 3;                     // successes in a row before a record moves (G11)
  absl::Duration replication_timeout = absl::Minutes(15);  // domain.md c.10
  // Time to live that a record has while a planned move is prepared and cut over (D18).
  absl::Duration move_ttl = absl::Seconds(60);
  // Up to this former time to live a planned move needs no preparation.
  absl::Duration unprepared_ttl = absl::Minutes(5);
  // How long resolvers remember that there is no such record: the zones' SOA minimum.
  absl::Duration negative_ttl = absl::Minutes(5);
  absl::Duration human_time = absl::Minutes(10);  // estimate of a step that a person takes (D10)
  // How long a fence stands that a plan puts up, if nobody renews or lifts it (D15).
  absl::Duration fence_for = absl::Hours(7 * 24);
  // The last site route of a plan enables the topology: whether routes that a cmdlet wrote take
  // effect without is not known (U8).
  bool enable_after_routes = true;
  GateFailure on_gate_failure = GateFailure::kHold;
  std::vector<Window> windows;
  Automation automation;
  CommitTrust commits;  // of those that change this declaration in git
};

struct Organization {
  std::string name;           // also the id that every record, RPC and marker carries
  std::string central_store;  // Front End pool name of the CMS, may be empty
  Origin central_store_origin;
  std::map<std::string, Site> sites;
  std::map<std::string, EdgePool> edge_pools;
  std::map<std::string, FrontEndPool> front_end_pools;
  std::map<std::string, Director> directors;
  std::map<std::string, Domain> domains;
  std::map<std::string, Partner> partners;
  std::map<std::string, ProviderDeclaration> providers;
  std::map<std::string, Notification> notifications;
  Policy policy;
  Origin origin;

  // Lync or Skype for Business is there: a topology in a central store, site routes, replicas.
  bool has_central_store() const;
  // The Edge pool that hosts a protocol for the organisation: the common host of all sites ("" when
  // none, or when sites diverge, which `policy.allow_divergent_routes` permits).
  std::string federation_host() const;
  std::string xmpp_host() const;
};

}  // namespace poolshift
