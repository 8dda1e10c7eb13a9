// A world as a tree: only what differs from what a reader would assume, so that it stays readable.
#include "providers/sim/world/world_file.h"

namespace poolshift::sim {
namespace {

std::int64_t Milliseconds(absl::Time time) {
  if (time == absl::InfinitePast()) return 0;
  if (time == absl::InfiniteFuture()) return -1;
  return absl::ToUnixMillis(time);
}

Value TextList(const std::vector<std::string>& texts) {
  return Value::List(texts.begin(), texts.end());
}

Value::Map TreeOf(const Projection& projection) {
  return {{"federation", projection.federation},
          {"xmpp", projection.xmpp},
          {"nextHop", projection.next_hop}};
}

Value TreeOf(const Service& service) {
  if (service.start_mode == StartMode::kAutomatic) return Name(service.state);
  return Value::Map{{"state", Name(service.state)}, {"startMode", Name(service.start_mode)}};
}

Value::Map TreeOf(const Replica& replica) {
  Value::Map tree{{"watermark", replica.watermark}};
  if (replica.since != absl::InfiniteFuture()) tree["since"] = Milliseconds(replica.since);
  return tree;
}

Value TreeOf(const EdgeServer& server, const EdgePool& pool, const World& world) {
  Value::Map tree{{"addresses", TextList(server.addresses)}};
  if (!server.power) tree["power"] = "off";
  Value::Map services;
  for (std::size_t i = 0; i < kRoleCount; ++i) {
    if (server.services[i] == Service()) continue;
    services[std::string(Name(static_cast<Role>(i)))] = TreeOf(server.services[i]);
  }
  if (!services.empty()) tree["services"] = std::move(services);
  if (server.installed != pool.published) tree["installed"] = TreeOf(server.installed);
  const Replica& replica = server.replica;
  if (replica.watermark != world.store.watermark || replica.holds != pool.published) {
    Value::Map held = TreeOf(replica);
    held.merge(TreeOf(replica.holds));
    tree["replica"] = std::move(held);
  }
  if (server.ways_inside.has_value()) tree["waysInside"] = *server.ways_inside;
  if (!server.thumbprint.empty()) tree["thumbprint"] = server.thumbprint;
  return tree;
}

Value TreeOf(const CertificateOnPool& certificate) {
  return Value::Map{{"names", TextList(certificate.names)},
                    {"notAfter", certificate.not_after},
                    {"thumbprint", certificate.thumbprint}};
}

Value TreeOf(const std::string& name, const EdgePool& pool, const World& world) {
  Value::Map tree = TreeOf(pool.published);
  tree["site"] = pool.site;
  if (!pool.access_edge.empty()) tree["accessEdge"] = pool.access_edge;
  if (!pool.web_conferencing.empty()) tree["webConferencing"] = pool.web_conferencing;
  if (!pool.av.empty()) tree["av"] = pool.av;
  if (pool.external != DefaultExternalCertificate(world, name, pool)) {
    tree["certificate"] = TreeOf(pool.external);
  }
  if (pool.internal != DefaultInternalCertificate(name)) {
    tree["internalCertificate"] = TreeOf(pool.internal);
  }
  Value::List former;
  for (const FormerProjection& entry : pool.former) {
    Value::Map item = TreeOf(entry.projection);
    item["replacedBy"] = entry.replaced_by;
    former.emplace_back(std::move(item));
  }
  if (!former.empty()) tree["former"] = std::move(former);
  Value::Map servers;
  for (const std::string& server : pool.servers) {
    servers[server] = TreeOf(*world.FindEdgeServer(server), pool, world);
  }
  tree["servers"] = std::move(servers);
  return tree;
}

Value TreeOf(const FrontEndPool& pool, const World& world) {
  Value::Map tree{{"site", pool.site}, {"associationWatermark", pool.edge_pool.watermark}};
  if (!pool.backup_pool.empty()) tree["backupPool"] = pool.backup_pool;
  if (pool.served_by_backup) tree["servedBy"] = "backup";
  const Association& edge = pool.edge_pool;
  if (edge.consistent()) {
    tree["edgePool"] = edge.registrar;
  } else {
    tree["edgePool"] = Value::Map{{"registrar", edge.registrar},
                                  {"conferencing", edge.conferencing},
                                  {"mediation", edge.mediation}};
  }
  Value::Map servers;
  for (const std::string& name : pool.servers) {
    const FrontEndServer& server = world.front_end_servers.find(name)->second;
    Value::Map machine;
    if (!server.power) machine["power"] = "off";
    if (server.replica.watermark != world.store.watermark)
      machine["replica"] = TreeOf(server.replica);
    servers[name] = std::move(machine);
  }
  tree["servers"] = std::move(servers);
  return tree;
}

void AddPools(const World& world, Value::Map& root) {
  Value::Map edges, front_ends, directors;
  for (const auto& [name, pool] : world.edge_pools)
    edges[name] = TreeOf(name, pool, world);
  for (const auto& [name, pool] : world.front_end_pools)
    front_ends[name] = TreeOf(pool, world);
  for (const auto& [name, director] : world.directors) {
    directors[name] = Value::Map{{"site", director.site},
                                 {"edgePool", director.edge_pool},
                                 {"servers", TextList(director.servers)}};
  }
  root["edgePools"] = std::move(edges);
  root["frontEndPools"] = std::move(front_ends);
  if (!directors.empty()) root["directors"] = std::move(directors);
}

Value TreeOfStore(const CentralStore& store) {
  Value::Map tree{{"pool", store.pool},
                  {"alive", store.alive},
                  {"watermark", store.watermark},
                  {"settled", store.settled}};
  Value::Map recent;
  for (const StoreWrite& write : store.recent) {
    recent[std::to_string(write.watermark)] = Milliseconds(write.at);
  }
  if (!recent.empty()) tree["recent"] = std::move(recent);
  if (store.waiting != Waiting::kNothing) tree["notEnabled"] = Name(store.waiting);
  return tree;
}

Value TreeOfDns(const NameServer& dns) {
  Value::Map records;
  for (const auto& [key, set] : dns.records) {
    Value::Map tree{{"records", TextList(set.records)}, {"ttl", set.ttl}, {"owner", set.owner}};
    if (set.cached) {
      tree["cached"] = TextList(set.cached->records);
      tree["cachedUntil"] = Milliseconds(set.cached->until);
    }
    records[key] = std::move(tree);
  }
  return Value::Map{{"ttl", dns.ttl},
                    {"negativeTtl", dns.negative_ttl},
                    {"serial", dns.serial},
                    {"owner", dns.owner},
                    {"records", std::move(records)}};
}

void AddPeople(const World& world, Value::Map& root) {
  Value::Map domains, partners;
  for (const auto& [name, domain] : world.domains) {
    domains[name] = Value::Map{{"sip", domain.sip}, {"xmpp", domain.xmpp}};
  }
  for (const auto& [name, partner] : world.partners) {
    partners[name] = Value::Map{{"sip", partner.sip},
                                {"xmpp", partner.xmpp},
                                {"streams", partner.streams},
                                {"tls", partner.tls},
                                {"sasl", partner.sasl},
                                {"dialback", partner.dialback}};
  }
  Value::List links;
  for (const auto& [key, link] : world.links) {
    Value::Map servers;
    for (const auto& [server, since] : link.servers)
      servers[server] = Milliseconds(since);
    links.emplace_back(Value::Map{{"partner", key.partner},
                                  {"domain", key.domain},
                                  {"protocol", Name(key.protocol)},
                                  {"retryAt", Milliseconds(link.retry_at)},
                                  {"servers", std::move(servers)}});
  }
  root["domains"] = std::move(domains);
  root["partners"] = std::move(partners);
  root["links"] = std::move(links);
}

void AddTrouble(const World& world, Value::Map& root) {
  Value::List firewall, faults;
  for (const FirewallRule& rule : world.firewall) {
    firewall.emplace_back(Value::Map{
        {"from", rule.from}, {"to", rule.to}, {"port", rule.port}, {"answer", Name(rule.mode)}});
  }
  for (const FaultRule& rule : world.faults) {
    faults.emplace_back(Value::Map{{"resource", rule.resource},
                                   {"operation", Name(rule.operation)},
                                   {"fault", Name(rule.trouble)},
                                   {"times", rule.times},
                                   {"after", rule.after},
                                   {"delay", absl::FormatDuration(rule.delay)},
                                   {"afterEffect", rule.after_effect},
                                   {"pools", Value::List(rule.pools.begin(), rule.pools.end())},
                                   {"message", rule.message}});
  }
  Value::Map fences;
  for (const auto& [name, fence] : world.fences) {
    fences[name] = Value::Map{{"mode", Name(fence.mode)}, {"expires", Milliseconds(fence.expires)}};
  }
  if (!firewall.empty()) root["firewall"] = std::move(firewall);
  if (!faults.empty()) root["faults"] = std::move(faults);
  if (!fences.empty()) root["fences"] = std::move(fences);
}

void AddSettings(const World& world, Value::Map& root) {
  root["accessConfig"] = Value::Map{{"allowFederatedUsers", world.allow_federated_users},
                                    {"enableFederationAccess", world.enable_federation_access},
                                    {"enableXmppAccess", world.enable_xmpp_access}};
  root["replication"] = Value::Map{{"lag", absl::FormatDuration(world.replication_lag)}};
  root["reconnectDelay"] = absl::FormatDuration(world.reconnect_delay);
  root["onPowerOn"] = world.power_on == PowerOn::kStopped ? "stopped" : "automatic";
  root["vantages"] = Value::List(world.vantages.begin(), world.vantages.end());
  Value::Map durations;
  for (const auto& [kind, duration] : world.durations)
    durations[kind] = absl::FormatDuration(duration);
  if (!durations.empty()) root["durations"] = std::move(durations);
  Value::List applied;
  for (const auto& [key, resource] : world.applied)
    applied.emplace_back(key + ' ' + resource);
  root["bookkeeping"] = Value::Map{{"token", world.fence.token},
                                   {"lease", world.fence.lease},
                                   {"madeFrom", world.made_from},
                                   {"applied", std::move(applied)}};
}

}  // namespace

Value TopologyOf(const World& world) {
  const Value whole = TreeOf(world);
  Value::Map topology;
  for (const char* part : {"organization",
                           "sites",
                           "edgePools",
                           "frontEndPools",
                           "directors",
                           "centralStore",
                           "domains",
                           "partners",
                           "accessConfig"}) {
    const Value* found = whole.Find(part);
    if (found != nullptr) topology[part] = *found;
  }
  return topology;
}

Value TreeOf(const World& world) {
  Value::Map root{{"world", "poolshift/v1"}, {"organization", world.organization}};
  Value::Map sites;
  for (const auto& [name, routes] : world.sites) {
    sites[name] = Value::Map{
        {"federation", routes.federation}, {"xmpp", routes.xmpp}, {"watermark", routes.watermark}};
  }
  root["sites"] = std::move(sites);
  AddPools(world, root);
  root["centralStore"] = TreeOfStore(world.store);
  root["dns"] = TreeOfDns(world.dns);
  AddPeople(world, root);
  AddTrouble(world, root);
  AddSettings(world, root);
  return root;
}

}  // namespace poolshift::sim
