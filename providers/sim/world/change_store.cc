// Changes that are writes to the central store.
#include <algorithm>

#include "controller/federation/kinds.h"
#include "providers/sim/world/change.h"
#include "providers/sim/world/replication.h"

namespace poolshift::sim {
namespace {

std::string StoreDead(const World& world, std::string_view cmdlet) {
  const std::string master = world.store.pool.empty() ? "(none)" : world.store.pool;
  return std::string(cmdlet) +
         " : Could not connect to SQL server : [Exception=System.Data.SqlClient.SqlException: A "
         "network-related or "
         "instance-specific error occurred while establishing a connection to SQL Server.] The "
         "Central Management "
         "store on " +
         master + " is down: fail it over (Invoke-CsManagementServerFailover), then plan again";
}

// What a Set-CsSite route may name; empty when it may.
std::string RouteFault(const World& world, std::string_view target, bool xmpp) {
  const std::string name(target);
  if (target.empty() || (!xmpp && world.directors.contains(name))) return "";
  const EdgePool* pool = world.FindEdgePool(target);
  if (pool == nullptr) {
    const EdgeServer* server = world.FindEdgeServer(target);
    return "Set-CsSite : Cannot find the service \"EdgeServer:" + name + "\" in the topology" +
           (server == nullptr ? ". Name an Edge pool of this organisation"
                              : ": it is a server. Name its pool, " + server->pool);
  }
  if (xmpp ? pool->published.xmpp : pool->published.federation) return "";
  return "Set-CsSite : The Edge pool \"" + name + "\" is not enabled for " +
         (xmpp ? "XMPP federation (port 5269)" : "federation (port 5061)") +
         ". Set the flag in the topology and publish it first";
}

ChangeResult MergePool(const World& world,
                       const std::string& name,
                       const Value& members,
                       Projection& projection) {
  if (!members.is_map()) return Refused("Topology: the entry of " + name + " is no map");
  for (const auto& [key, member] : members.map()) {
    const bool flag = key == "federation" || key == "xmpp";
    if (flag && member.is_bool()) {
      (key == "xmpp" ? projection.xmpp : projection.federation) = member.boolean();
    } else if (key == "nextHop" && member.is_string()) {
      projection.next_hop = member.string();
    } else {
      return Refused("Topology: `" + key + "` of " + name +
                     " is none of federation, xmpp, nextHop, or has the wrong type");
    }
  }
  const std::string& hop = projection.next_hop;
  if (!hop.empty() && !world.front_end_pools.contains(hop) && !world.directors.contains(hop)) {
    return Refused("Publish-CsTopology : The next hop \"" + hop + "\" of " + name +
                   " is neither a Front End pool nor a Director of this organisation");
  }
  return {};
}

void WarnOfTopology(const World& world, ChangeResult& result) {
  const auto federated = std::ranges::count_if(
      world.edge_pools, [](const auto& pool) { return pool.second.published.federation; });
  if (federated > 1) {
    result.warnings.emplace_back(
        "Warning: The topology contains more than one Federated Edge Server. Remote partners will "
        "use only one of them (I-1)");
  }
  for (const auto& [site, routes] : world.sites) {
    const EdgePool* pool = world.FindEdgePool(routes.federation);
    if (pool == nullptr || pool->published.federation) continue;
    result.warnings.push_back("Warning: The federation route of site " + site + " names " +
                              routes.federation + ", which is not enabled for federation (I-4)");
  }
}

// The write is enabled, or waits for that with what waits already.
void Enable(World& world, const Action& action) {
  world.store.waiting = EndsWithEnabling(action) ? Waiting::kNothing
                                                 : std::max(world.store.waiting, Waiting::kRoutes);
}

}  // namespace

bool EndsWithEnabling(const Action& action) {
  return action.target.kind == kinds::kTopology || action.target.kind == kinds::kEnablement ||
         std::ranges::find(action.modes, "closing") != action.modes.end();
}

void LeaveHalfDone(World& world, const Action& action) {
  world.store.waiting = action.target.kind == kinds::kTopology
                            ? Waiting::kDocument
                            : std::max(world.store.waiting, Waiting::kRoutes);
}

ChangeResult ChangeEnablement(World& world) {
  if (!StoreAlive(world)) return Refused(StoreDead(world, "Enable-CsTopology"));
  world.store.waiting = Waiting::kNothing;
  return {};
}

ChangeResult ChangeTopology(World& world, const Action& action, absl::Time now) {
  if (!StoreAlive(world)) return Refused(StoreDead(world, "Publish-CsTopology"));
  ByName<Projection> wanted;
  for (const auto& [name, members] : action.after.Find("pools")->map()) {
    const EdgePool* pool = world.FindEdgePool(name);
    if (pool == nullptr) {
      return Refused("Publish-CsTopology : There is no Edge pool \"" + name +
                     "\" in the topology. Pools are added in Topology Builder, not by a failover");
    }
    Projection projection = pool->published;
    ChangeResult merged = MergePool(world, name, members, projection);
    if (merged.verdict != ChangeResult::Verdict::kDone) return merged;
    if (projection != pool->published) wanted[name] = std::move(projection);
  }
  const std::int64_t watermark = RecordWrite(world, now);
  for (auto& [name, projection] : wanted)
    Publish(world, name, std::move(projection), watermark);
  world.store.waiting = Waiting::kNothing;
  ChangeResult result;
  WarnOfTopology(world, result);
  return result;
}

ChangeResult ChangeSiteRoute(World& world,
                             const Action& action,
                             const Value& after,
                             absl::Time now) {
  if (!StoreAlive(world)) return Refused(StoreDead(world, "Set-CsSite"));
  SiteRoutes& routes = world.sites.find(action.target.name)->second;
  const std::string federation(after.StringOr("federation", ""));
  const std::string xmpp(after.StringOr("xmpp", ""));
  std::string fault;
  if (federation != routes.federation) fault = RouteFault(world, federation, false);
  if (fault.empty() && xmpp != routes.xmpp) fault = RouteFault(world, xmpp, true);
  if (!fault.empty()) return Refused(std::move(fault));
  routes = {federation, xmpp, RecordWrite(world, now)};
  Enable(world, action);
  return {};
}

ChangeResult ChangeEdgeAssociation(World& world,
                                   const Action& action,
                                   const Value& after,
                                   absl::Time now) {
  if (!StoreAlive(world)) return Refused(StoreDead(world, "Set-CsRegistrar"));
  const std::string edge(after.StringOr("edgePool", ""));
  if (!edge.empty() && world.FindEdgePool(edge) == nullptr) {
    return Refused("Set-CsRegistrar : Cannot find the service \"EdgeServer:" + edge +
                   "\" in the topology. Name an Edge pool of this organisation");
  }
  const std::int64_t watermark = RecordWrite(world, now);
  const auto director = world.directors.find(action.target.name);
  if (director != world.directors.end()) {
    director->second.edge_pool = edge;
  } else {
    world.front_end_pools.find(action.target.name)->second.edge_pool = {
        edge, edge, edge, watermark};
  }
  Enable(world, action);
  return {};
}

ChangeResult ChangeCentralStore(World& world, const Value& after, absl::Time now) {
  const std::string cmdlet = "Invoke-CsManagementServerFailover";
  const std::string target(after.StringOr("activeMaster", ""));
  const auto pool = world.front_end_pools.find(target);
  if (pool == world.front_end_pools.end())
    return Refused(cmdlet + " : There is no Front End pool \"" + target + "\" in the topology");
  const auto former = world.front_end_pools.find(world.store.pool);
  if (former == world.front_end_pools.end() || former->second.backup_pool != target) {
    return Refused(cmdlet + " : The pool \"" + target +
                   "\" holds no backup of the Central "
                   "Management store: it is not paired with the pool that has it");
  }
  const bool powered = std::ranges::any_of(pool->second.servers, [&](const std::string& server) {
    return world.front_end_servers.find(server)->second.power;
  });
  if (!powered)
    return Refused(cmdlet + " : The pool \"" + target + "\" does not answer. Bring it up first");
  world.store.pool = target;
  world.store.alive = true;
  RecordWrite(world, now);
  return {};
}

ChangeResult ChangePoolFailover(World& world, const Action& action, const Value& after) {
  const std::string& name = action.target.name;
  FrontEndPool& pool = world.front_end_pools.find(name)->second;
  const std::string wanted(after.StringOr("servedBy", ""));
  if (wanted != "home" && wanted != "backup") {
    return Refused(ToString(action.target) + ": servedBy is `" + wanted +
                   "`, neither home nor backup");
  }
  const bool over = wanted == "backup";
  const std::string cmdlet = over ? "Invoke-CsPoolFailOver" : "Invoke-CsPoolFailBack";
  if (!StoreAlive(world)) return Refused(StoreDead(world, cmdlet));
  if (pool.backup_pool.empty()) {
    return Refused(cmdlet + " : The pool \"" + name +
                   "\" has no backup pool. Pair it in Topology Builder (Resiliency)");
  }
  if (over && !world.NextHopOf(name).empty()) {
    return Refused("Invoke-CsPoolFailOver : This Front-end pool \"" + name +
                   "\" is specified in topology as the next hop for the Edge server. Failing over "
                   "this pool may cause "
                   "External access/Federation/Split-domain/XMPP features to stop working. Please "
                   "use Topology Builder "
                   "to change the Edge internal next hop setting to point to a different Front-end "
                   "pool,  before you "
                   "proceed.");
  }
  const std::string& serving = over ? pool.backup_pool : name;
  const auto& servers = world.front_end_pools.find(serving)->second.servers;
  const bool alive = std::ranges::any_of(servers, [&](const std::string& server) {
    return world.front_end_servers.find(server)->second.power;
  });
  if (!alive) {
    return Refused(cmdlet + " : The pool \"" + serving +
                   "\" that is to serve the users does not answer. Bring its servers up first");
  }
  pool.served_by_backup = over;
  return {};
}

}  // namespace poolshift::sim
