// The kinds: small typed resources that are the contract between the domain and every provider.
// This header and `KindSchemas()` are that contract; docs/kinds.md prints it. Names of pools and
// servers in resources are always FQDNs as the platform knows them (never manifest names), names of
// sites are the platform's site names.
//
// Providers may include this header (and only this one) from the controller's domain.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/model/kind_schema.h"
#include "controller/model/resource_id.h"

namespace poolshift::kinds {

// One document, so one action swaps flags atomically. Name: organisation.
//   pools: map pool FQDN -> {federation: bool, xmpp: bool, nextHop: string}; a change's `after` may
//   hold only the
//     pools and members that change (merge semantics), its `before` holds the same members as
//     observed
//   watermark (computed): integer, grows with every write to the central store
inline constexpr std::string_view kTopology = "Topology";

// Name: site. federation, xmpp: internal FQDN of an Edge pool (federation: or a Director), "" =
// unset.
//   watermark (computed): as Topology's, after the write of this route
// Mode of a change: "closing" = the last of several, the topology is enabled after it
//   (Enable-CsTopology).
inline constexpr std::string_view kSiteRoute = "SiteRoute";

// Name: organisation. enabled: bool, everything that was published or written takes effect; a
// change to true
//   runs Enable-CsTopology. waiting (computed): what is written and not in effect: "" | "routes"
//   (and associations) | "document" (flags or next hops too)
inline constexpr std::string_view kEnablement = "Enablement";

// Name: <server FQDN>/<role>, roles below. state: running | stopped | starting | stopping;
//   startMode: automatic | manual | disabled;
//   listening (computed): bool, the role's own external port is bound (accessEdge 5061, xmppProxy
//   5269, others 443). waysInside (computed): how many next hops of accessEdge live
inline constexpr std::string_view kEdgeService = "EdgeService";

// Name: server FQDN. What its installed components match: federation: bool, xmpp: bool, nextHop:
// string.
//   A change runs the Deployment Wizard's "Run Again" (Bootstrapper), which installs what the
//   *local replica* says.
inline constexpr std::string_view kEdgeComponents = "EdgeComponents";

// Name: server FQDN. Observed only. watermark: integer, the newest central store write that the
// local copy holds.
inline constexpr std::string_view kReplica = "Replica";

// Name: <server FQDN>/<sip|xmpp>. state: open while there is an established peer stream, else
//   closed; a change to closed closes them all. count, oldestSeconds (computed), so that a stream
//   that comes or goes meanwhile is no conflict. (The peer may follow as a third part; without it
//   the resource is the sum over peers.)
inline constexpr std::string_view kStreams = "Streams";

// Name: <address>/<port>. mode: none | reset | drop; expires: RFC 3339 time or "".
inline constexpr std::string_view kFence = "Fence";

// Name: Front End pool FQDN. edgePool: internal FQDN of the Edge pool for media components, "" =
// none. (Three
//   services carry it; `consistent` (computed) is false when they differ, `edgePool` is then the
//   Registrar's.) watermark (computed)
inline constexpr std::string_view kEdgeAssociation = "EdgeAssociation";

// Name: Front End pool FQDN (the pool that homes the users). servedBy: home | backup;
//   backupPool (computed): FQDN of the pool that it is paired with, "" = not paired
// Mode of a change to `backup`: "disaster" = the pool is confirmed dead (-DisasterMode).
inline constexpr std::string_view kPoolFailover = "PoolFailover";

// Name: organisation. activeMaster: FQDN of the pool that answers as master, "" = none does; a
//   change fails the store over to that pool (Invoke-CsManagementServerFailover); alive (computed):
//   bool; pool (computed): FQDN of the pool that holds it, also when it is dead; watermark
//   (computed)
// Mode of a change: "disaster" = the former master is dead (-Force).
inline constexpr std::string_view kCentralStore = "CentralStore";

// Name: organisation. Observed only. allowFederatedUsers, enableFederationAccess, enableXmppAccess:
// bool.
inline constexpr std::string_view kAccessConfig = "AccessConfig";

// Name: partner domain. Observed only. tls, sasl: required | optional | notSupported; dialback:
// bool; usable: CanAuthenticate() of the three.
inline constexpr std::string_view kXmppPartner = "XmppPartner";

// Name: <partner domain>/<name of ours>. Observed only, in the newest declaration: nobody but the
//   partner can look at its list. accepted: bool.
inline constexpr std::string_view kPartnerAcceptance = "PartnerAcceptance";

// Name: <server FQDN>/<accessEdgeExternal|internal|sip|xmpp>; outside any topology each protocol
// has
//   its own. Observed only. names: list; notAfter: RFC 3339;
//   thumbprint: string.
inline constexpr std::string_view kCertificate = "Certificate";

// Name: <owner name>/<A|AAAA|SRV|TXT>, owner name lower case without trailing dot. records: list of
// strings, sorted:
//   A "203.0.113.11", AAAA RFC 5952 text, SRV "10 0 5269 xmpp.contoso.com" (priority weight port
//   target, no trailing dot), TXT the text. ttl: seconds. Absent = no such RRset. owner (computed):
//   organisation in the ownership marker or ""; missing where none are kept; an action that names
//   it sets the mark alone. Computed: serial: SOA serial; disagreement: "" or how servers differ;
//   alias: of an A or AAAA set, the name that a CNAME at the owner leads to; not there without one.
//   Where it is an alias the set is present and has no records
inline constexpr std::string_view kDnsRecordSet = "DnsRecordSet";

// Name: <address or internal FQDN>/<port>. Observed only, per vantage (an outside vantage's name,
// or a Front End
//   server's FQDN). state: open | refused | filtered | unreachable (somebody said so); protocol
//   (computed): "" | "sip" | "xmpp" when the server answered so; certificateNames (computed): list;
//   certificateNotAfter (computed): RFC 3339 or ""
inline constexpr std::string_view kReachability = "Reachability";

// Roles of an Edge server (D5), in starting order; `replica` first.
inline constexpr std::string_view kRoles[] = {
    "replica", "accessEdge", "webConf", "avAuth", "avRelay", "xmppProxy"};

inline constexpr int kSipPort = 5061;
inline constexpr int kXmppPort = 5269;

// SASL needs TLS; without SASL there is dialback or nothing (negotiation settings of XMPP
// partners).
bool CanAuthenticate(std::string_view tls, std::string_view sasl, bool dialback);

ResourceId Topology(std::string_view organization);
ResourceId SiteRoute(std::string_view site);
ResourceId Enablement(std::string_view organization);
ResourceId EdgeService(std::string_view server, std::string_view role);
ResourceId EdgeComponents(std::string_view server);
ResourceId Replica(std::string_view server);
ResourceId Streams(std::string_view server, std::string_view protocol);
ResourceId Fence(std::string_view address, int port);
ResourceId EdgeAssociation(std::string_view front_end_pool);
ResourceId PoolFailover(std::string_view front_end_pool);
ResourceId CentralStore(std::string_view organization);
ResourceId AccessConfig(std::string_view organization);
ResourceId XmppPartner(std::string_view domain);
ResourceId PartnerAcceptance(std::string_view domain, std::string_view name);
ResourceId Certificate(std::string_view server, std::string_view use);
ResourceId DnsRecordSet(std::string_view name, std::string_view type);
ResourceId Reachability(std::string_view address, int port);

// Every kind, in the order of this header.
const std::vector<KindSchema>& KindSchemas();
// Null when unknown.
const KindSchema* FindKindSchema(std::string_view kind);

}  // namespace poolshift::kinds
