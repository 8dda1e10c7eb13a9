#include "providers/sim/world/observe.h"

#include <charconv>

#include "controller/federation/kinds.h"
#include "providers/sim/world/reachability.h"
#include "providers/sim/world/replication.h"
#include "providers/sim/world/resolver.h"
#include "providers/sim/world/streams.h"

namespace poolshift::sim {
namespace {

Observation Present(Value::Map properties) {
  Observation observation;
  observation.presence = Presence::kPresent;
  observation.properties = std::move(properties);
  return observation;
}

Observation Absent(std::string reason) {
  Observation observation;
  observation.presence = Presence::kAbsent;
  observation.reason = std::move(reason);
  return observation;
}

Observation NoPower(std::string_view server) {
  Observation observation;
  observation.reason = std::string(server) + " does not answer (it has no power)";
  return observation;
}

Observation NoSuch(std::string_view what, std::string_view name) {
  return Absent("no " + std::string(what) + " `" + std::string(name) + "` in this world");
}

Value TextList(const std::vector<std::string>& texts) {
  return Value::List(texts.begin(), texts.end());
}

Value::Map Show(const Projection& projection) {
  return {{"federation", projection.federation},
          {"xmpp", projection.xmpp},
          {"nextHop", projection.next_hop}};
}

Observation ShowTopology(const World& world, std::string_view name) {
  if (name != world.organization) return NoSuch("organisation", name);
  Value::Map pools;
  for (const auto& [fqdn, pool] : world.edge_pools)
    pools[fqdn] = Show(pool.published);
  return Present({{"pools", std::move(pools)}, {"watermark", world.store.watermark}});
}

Observation ShowSiteRoute(const World& world, std::string_view name) {
  const auto site = world.sites.find(name);
  if (site == world.sites.end()) return NoSuch("site", name);
  return Present({{"federation", site->second.federation},
                  {"xmpp", site->second.xmpp},
                  {"watermark", site->second.watermark}});
}

Observation ShowEnablement(const World& world, std::string_view name) {
  if (name != world.organization) return NoSuch("organisation", name);
  return Present({{"enabled", world.store.waiting == Waiting::kNothing},
                  {"waiting", Name(world.store.waiting)}});
}

// As of Kamailio whose dispatcher is declared: one that does not run could tell and does not.
void ShowInside(const EdgeServer& server, Observation& seen) {
  if (!server.runs(Role::kAccessEdge)) {
    seen.unknown.emplace_back("waysInside");
    return;
  }
  seen.properties.Set("waysInside", *server.ways_inside);
  if (*server.ways_inside == 0) seen.reason = "no server inside answers it";
}

Observation ShowEdgeService(const World& world, std::string_view name) {
  const auto [server_name, role_name] = SplitLast(name);
  const EdgeServer* server = world.FindEdgeServer(server_name);
  const auto role = ParseRole(role_name);
  if (server == nullptr || !role) return NoSuch("Edge service", name);
  if (!server->power) return NoPower(server_name);
  const Service& service = server->service(*role);
  Observation seen = Present({{"state", Name(service.state)},
                              {"startMode", Name(service.start_mode)},
                              {"listening", Listening(*server, *role)}});
  if (*role == Role::kAccessEdge && server->ways_inside.has_value()) ShowInside(*server, seen);
  return seen;
}

Observation ShowEdgeComponents(const World& world, std::string_view name) {
  const EdgeServer* server = world.FindEdgeServer(name);
  if (server == nullptr) return NoSuch("Edge server", name);
  if (!server->power) return NoPower(name);
  return Present(Show(server->installed));
}

Observation ShowReplica(const World& world, std::string_view name, absl::Time now) {
  if (const EdgeServer* edge = world.FindEdgeServer(name)) {
    if (!edge->power) return NoPower(name);
    return Present({{"watermark", HeldBy(world, *edge, now).watermark}});
  }
  const auto front_end = world.front_end_servers.find(name);
  if (front_end == world.front_end_servers.end()) return NoSuch("server", name);
  if (!front_end->second.power) return NoPower(name);
  return Present({{"watermark", HeldBy(world, front_end->second, now).watermark}});
}

// "<server>/<protocol>" or "<server>/<protocol>/<partner>".
Observation ShowStreams(const World& world, std::string_view name, absl::Time now) {
  const std::size_t first = name.find('/');
  const std::string_view server_name = name.substr(0, first);
  std::string_view rest = first == std::string_view::npos ? "" : name.substr(first + 1);
  std::string_view partner;
  if (const std::size_t second = rest.find('/'); second != std::string_view::npos) {
    partner = rest.substr(second + 1);
    rest = rest.substr(0, second);
  }
  const EdgeServer* server = world.FindEdgeServer(server_name);
  const auto protocol = ParseProtocol(rest);
  if (server == nullptr || !protocol) return NoSuch("Edge server and protocol", name);
  if (!partner.empty() && !world.partners.contains(partner)) return NoSuch("partner", partner);
  if (!server->power) return NoPower(server_name);
  const StreamCount streams = StreamsOn(world, {server_name, *protocol}, partner, now);
  const std::int64_t age =
      streams.count == 0 ? 0 : absl::ToInt64Seconds(now - std::min(streams.oldest, now));
  return Present({{"state", streams.count == 0 ? "closed" : "open"},
                  {"count", streams.count},
                  {"oldestSeconds", age}});
}

Observation ShowFence(const World& world, std::string_view name, absl::Time now) {
  const auto [address, port_text] = SplitLast(name);
  int port = 0;
  const auto [end, error] =
      std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  if (error != std::errc() || end != port_text.data() + port_text.size() ||
      !world.server_of_address.contains(address)) {
    return NoSuch("address and port", name);
  }
  const auto fence = world.fences.find(name);
  if (fence == world.fences.end()) return Present({{"mode", "none"}, {"expires", ""}});
  const bool stands = FenceAt(world, address, port, now) != nullptr;  // or it has run out
  const bool forever = fence->second.expires == absl::InfiniteFuture();
  return Present({{"mode", stands ? Name(fence->second.mode) : std::string_view("none")},
                  {"expires",
                   forever ? std::string()
                           : absl::FormatTime(
                                 absl::RFC3339_full, fence->second.expires, absl::UTCTimeZone())}});
}

Observation ShowEdgeAssociation(const World& world, std::string_view name) {
  if (const auto director = world.directors.find(name); director != world.directors.end()) {
    return Present({{"edgePool", director->second.edge_pool},
                    {"consistent", true},
                    {"watermark", world.store.watermark}});
  }
  const auto pool = world.front_end_pools.find(name);
  if (pool == world.front_end_pools.end()) return NoSuch("Front End pool", name);
  const Association& association = pool->second.edge_pool;
  return Present({{"edgePool", association.registrar},
                  {"consistent", association.consistent()},
                  {"watermark", association.watermark}});
}

Observation ShowPoolFailover(const World& world, std::string_view name) {
  const auto pool = world.front_end_pools.find(name);
  if (pool == world.front_end_pools.end()) return NoSuch("Front End pool", name);
  return Present({{"servedBy", pool->second.served_by_backup ? "backup" : "home"},
                  {"backupPool", pool->second.backup_pool}});
}

Observation ShowCentralStore(const World& world, std::string_view name) {
  if (name != world.organization) return NoSuch("organisation", name);
  const bool alive = StoreAlive(world);
  return Present({{"activeMaster", alive ? world.store.pool : std::string()},
                  {"alive", alive},
                  {"pool", world.store.pool},
                  {"watermark", world.store.watermark}});
}

Observation ShowAccessConfig(const World& world, std::string_view name) {
  if (name != world.organization) return NoSuch("organisation", name);
  return Present({{"allowFederatedUsers", world.allow_federated_users},
                  {"enableFederationAccess", world.enable_federation_access},
                  {"enableXmppAccess", world.enable_xmpp_access}});
}

Observation ShowXmppPartner(const World& world, std::string_view name) {
  const auto partner = world.partners.find(name);
  if (partner == world.partners.end() || !partner->second.xmpp) return NoSuch("XMPP partner", name);
  return Present({{"tls", partner->second.tls},
                  {"sasl", partner->second.sasl},
                  {"dialback", partner->second.dialback},
                  {"usable",
                   kinds::CanAuthenticate(
                       partner->second.tls, partner->second.sasl, partner->second.dialback)}});
}

Observation ShowCertificate(const World& world, std::string_view name) {
  const auto [server_name, use] = SplitLast(name);
  const EdgeServer* server = world.FindEdgeServer(server_name);
  // Servers outside any topology show one to each protocol; here it is the same.
  const bool external = use == "accessEdgeExternal" || use == "sip" || use == "xmpp";
  if (server == nullptr || !(external || use == "internal")) return NoSuch("certificate", name);
  if (!server->power) return NoPower(server_name);
  const EdgePool& pool = *world.FindEdgePool(server->pool);
  const CertificateOnPool& certificate = external ? pool.external : pool.internal;
  return Present(
      {{"names", TextList(certificate.names)},
       {"notAfter", certificate.not_after},
       {"thumbprint",
        external && !server->thumbprint.empty() ? server->thumbprint : certificate.thumbprint}});
}

Observation ShowDnsRecordSet(const World& world, const ObservationKey& key, absl::Time now) {
  const bool resolver = !key.vantage.empty();
  const auto [name, type] = SplitLast(key.id.name);
  const auto alias = world.dns.records.find(std::string(name) + "/CNAME");
  if (!resolver && alias != world.dns.records.end() && !alias->second.records.empty() &&
      (type == "A" || type == "AAAA")) {
    return Present({{"records", Value::List{}},
                    {"ttl", alias->second.ttl},
                    {"alias", alias->second.records.front()},
                    {"serial", world.dns.serial},
                    {"disagreement", ""}});
  }
  const auto set = world.dns.records.find(key.id.name);
  if (set == world.dns.records.end()) return Absent("no such record set");
  const std::vector<std::string> records =
      resolver ? CachedAnswer(world, name, type, now) : set->second.records;
  if (records.empty()) return Absent("no such record set");
  return Present({{"records", TextList(records)},
                  {"ttl", set->second.ttl},
                  {"owner", set->second.owner},
                  {"serial", world.dns.serial},
                  {"disagreement", ""}});
}

}  // namespace

Observation Observe(const World& world, const ObservationKey& key, absl::Time now) {
  const std::string_view kind = key.id.kind;
  const std::string_view name = key.id.name;
  if (kind == kinds::kTopology) return ShowTopology(world, name);
  if (kind == kinds::kSiteRoute) return ShowSiteRoute(world, name);
  if (kind == kinds::kEnablement) return ShowEnablement(world, name);
  if (kind == kinds::kEdgeService) return ShowEdgeService(world, name);
  if (kind == kinds::kEdgeComponents) return ShowEdgeComponents(world, name);
  if (kind == kinds::kReplica) return ShowReplica(world, name, now);
  if (kind == kinds::kStreams) return ShowStreams(world, name, now);
  if (kind == kinds::kFence) return ShowFence(world, name, now);
  if (kind == kinds::kEdgeAssociation) return ShowEdgeAssociation(world, name);
  if (kind == kinds::kPoolFailover) return ShowPoolFailover(world, name);
  if (kind == kinds::kCentralStore) return ShowCentralStore(world, name);
  if (kind == kinds::kAccessConfig) return ShowAccessConfig(world, name);
  if (kind == kinds::kXmppPartner) return ShowXmppPartner(world, name);
  if (kind == kinds::kCertificate) return ShowCertificate(world, name);
  if (kind == kinds::kDnsRecordSet) return ShowDnsRecordSet(world, key, now);
  if (kind == kinds::kReachability) return ObserveReachability(world, name, key.vantage, now);
  Observation unknown;
  unknown.reason = "the simulated platform has no kind `" + std::string(kind) + "`";
  return unknown;
}

}  // namespace poolshift::sim
