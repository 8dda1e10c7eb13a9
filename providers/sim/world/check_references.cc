// Names in a world file that lead nowhere, and names that two things share.
#include <set>

#include "controller/federation/kinds.h"
#include "controller/model/diagnostics.h"
#include "providers/sim/world/world_file.h"

namespace poolshift::sim {
namespace {

template <typename Map>
std::vector<std::string> Keys(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map)
    keys.push_back(key);
  return keys;
}

class Checker {
 public:
  Checker(const World& world, Complaints& out) : world_(world), out_(out) {}

  void Run() {
    for (const auto& [name, routes] : world_.sites)
      CheckSite("sites/" + name, routes);
    for (const auto& [name, pool] : world_.edge_pools)
      CheckEdgePool(name, pool);
    for (const auto& [name, pool] : world_.front_end_pools)
      CheckFrontEndPool(name, pool);
    for (const auto& [name, director] : world_.directors) {
      Expect(director.site, world_.sites, "site", "directors/" + name + "/site");
      Expect(director.edge_pool, world_.edge_pools, "Edge pool", "directors/" + name + "/edgePool");
    }
    Expect(world_.store.pool, world_.front_end_pools, "Front End pool", "centralStore/pool");
    for (const auto& [kind, duration] : world_.durations) {
      if (kinds::FindKindSchema(kind) == nullptr) {
        out_.push_back(
            {"durations/" + kind, "`" + kind + "` is no kind", "docs/sim.md lists the kinds"});
      }
    }
    CheckAddresses();
  }

 private:
  template <typename Map>
  void Expect(const std::string& name,
              const Map& known,
              std::string_view what,
              const std::string& path) {
    if (name.empty() || known.contains(name)) return;
    const std::string closest = ClosestName(name, Keys(known));
    out_.push_back({path,
                    "no " + std::string(what) + " `" + name + "` in this world",
                    closest.empty() ? "" : "did you mean `" + closest + "`?"});
  }

  void CheckSite(const std::string& path, const SiteRoutes& routes) {
    if (!world_.directors.contains(routes.federation)) {
      Expect(routes.federation, world_.edge_pools, "Edge pool or Director", path + "/federation");
    }
    Expect(routes.xmpp, world_.edge_pools, "Edge pool", path + "/xmpp");
  }

  void CheckEdgePool(const std::string& name, const EdgePool& pool) {
    const std::string path = "edgePools/" + name;
    if (pool.site.empty()) out_.push_back({path, "Edge pool `" + name + "` has no site", ""});
    Expect(pool.site, world_.sites, "site", path + "/site");
    const std::string& next_hop = pool.published.next_hop;
    if (!world_.directors.contains(next_hop)) {
      Expect(next_hop, world_.front_end_pools, "Front End pool or Director", path + "/nextHop");
    }
  }

  void CheckFrontEndPool(const std::string& name, const FrontEndPool& pool) {
    const std::string path = "frontEndPools/" + name;
    if (pool.site.empty()) out_.push_back({path, "Front End pool `" + name + "` has no site", ""});
    Expect(pool.site, world_.sites, "site", path + "/site");
    Expect(pool.backup_pool, world_.front_end_pools, "Front End pool", path + "/backupPool");
    for (const std::string& edge :
         {pool.edge_pool.registrar, pool.edge_pool.conferencing, pool.edge_pool.mediation}) {
      Expect(edge, world_.edge_pools, "Edge pool", path + "/edgePool");
    }
    if (pool.served_by_backup && pool.backup_pool.empty()) {
      out_.push_back(
          {path + "/servedBy", "served by a backup pool, but `backupPool` is not set", ""});
    }
  }

  void CheckAddresses() {
    std::set<std::string> seen;
    for (const auto& [name, server] : world_.edge_servers) {
      for (const std::string& address : server.addresses) {
        if (seen.insert(address).second) continue;
        out_.push_back({"edgePools/" + server.pool + "/servers/" + name + "/addresses",
                        "address " + address + " is on two servers",
                        ""});
      }
    }
  }

  const World& world_;
  Complaints& out_;
};

}  // namespace

void CheckReferences(const World& world, Complaints& out) { Checker(world, out).Run(); }

}  // namespace poolshift::sim
