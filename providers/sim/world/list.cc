#include "providers/sim/world/list.h"

#include "controller/federation/listed_kinds.h"

namespace poolshift::sim {
namespace {

Value TextList(const std::vector<std::string>& texts) {
  return Value::List(texts.begin(), texts.end());
}

Value Machines(const World& world, const EdgePool& pool) {
  Value::List servers;
  for (const std::string& name : pool.servers) {
    const EdgeServer* server = world.FindEdgeServer(name);
    Value::Map machine{{"fqdn", name}};
    if (server != nullptr) machine["addresses"] = TextList(server->addresses);
    servers.emplace_back(std::move(machine));
  }
  return servers;
}

}  // namespace

std::vector<Listed> List(const World& world) {
  std::vector<Listed> entities;
  const auto add = [&](std::string_view kind, const std::string& name, Value::Map properties) {
    entities.push_back({{std::string(kind), name}, std::move(properties)});
  };
  for (const auto& [name, site] : world.sites)
    add(listed::kSite, name, {});
  for (const auto& [name, pool] : world.edge_pools) {
    add(listed::kEdgePool,
        name,
        {{"site", pool.site},
         {"accessEdge", pool.access_edge},
         {"webConferencing", pool.web_conferencing},
         {"av", pool.av},
         {"servers", Machines(world, pool)}});
  }
  for (const auto& [name, pool] : world.front_end_pools) {
    add(listed::kFrontEndPool,
        name,
        {{"site", pool.site},
         {"servers", TextList(pool.servers)},
         {"backupPool", pool.backup_pool}});
  }
  for (const auto& [name, director] : world.directors) {
    add(listed::kDirector,
        name,
        {{"site", director.site},
         {"servers", TextList(director.servers)},
         {"edgePool", director.edge_pool}});
  }
  for (const auto& [name, partner] : world.partners)
    add(listed::kPartner, name, {{"sip", partner.sip}, {"xmpp", partner.xmpp}});
  return entities;
}

}  // namespace poolshift::sim
