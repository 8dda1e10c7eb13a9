// A world in which deaths are supposed one after the other is, each time, what one look at every
// observation says that the death does to it.
#include "controller/federation/supposition.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "controller/federation/kinds.h"
#include "controller/federation/observing.h"
#include "tests/federation/random_world.h"

namespace poolshift {
namespace {

std::set<std::string> DeadNames(const Organization& organization, const Supposition& death) {
  std::set<std::string> names;
  for (const std::string& dead : death.edge_pools) {
    const EdgePool& pool = organization.edge_pools.at(dead);
    names.insert(pool.fqdn);
    for (const EdgeServer& server : pool.servers) {
      names.insert(server.fqdn);
      names.insert(server.addresses.begin(), server.addresses.end());
    }
  }
  for (const std::string& dead : death.front_end_pools) {
    const FrontEndPool& pool = organization.front_end_pools.at(dead);
    names.insert(pool.fqdn);
    names.insert(pool.servers.begin(), pool.servers.end());
  }
  return names;
}

const std::set<std::string> kOnServers = {
    "EdgeService", "EdgeComponents", "Replica", "Streams", "Certificate"};

// What is wrong about one observation after the death; "" = nothing.
std::string Fault(const ObservationKey& key,
                  const Observation& alive,
                  const Observation& dead,
                  const std::set<std::string>& names,
                  const std::set<std::string>& dead_pools) {
  const std::string server = key.id.name.substr(0, key.id.name.find('/'));
  const std::string address = key.id.name.substr(0, key.id.name.rfind('/'));
  if (key.id.kind == kinds::kReachability && names.contains(address))
    return dead.properties.StringOr("state", "") == "filtered" ? "" : "a dead address answers";
  if (key.id.kind == kinds::kReachability && names.contains(key.vantage))
    return dead.presence == Presence::kUnreachable ? "" : "a dead vantage sees";
  if (kOnServers.contains(key.id.kind) && names.contains(server))
    return dead.presence == Presence::kUnreachable ? "" : "somebody looked at a dead server";
  const bool is_store = key.id.kind == kinds::kCentralStore && alive.presence == Presence::kPresent;
  if (is_store && dead_pools.contains(std::string(alive.properties.StringOr("activeMaster", ""))))
    return dead.properties.BooleanOr("alive", true) ? "the store of a dead pool is alive" : "";
  return dead == alive ? "" : "changed, and nothing of it died";
}

TEST(SupposedWorldTest, EachDeathStandsAlone) {
  std::size_t changed = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Dice dice(seed);
    Organization organization = RandomOrganization(dice);
    const Rehearsal world = RandomWorld(organization, dice);
    ObservedState alive = world.ObserveAll();
    for (const ObservationKey& key : DrillToObserve(organization, alive))
      alive.observations.insert_or_assign(key, world.Look(key));
    std::vector<Supposition> deaths = PoolSuppositions(organization);
    for (Supposition& site : SiteSuppositions(organization))
      deaths.push_back(std::move(site));
    deaths.emplace_back();  // nothing dies
    SupposedWorld supposed(organization, alive);
    for (const Supposition& death : deaths) {
      const ObservedState& dead = supposed.Suppose(death);
      ASSERT_EQ(dead.observations.size(), alive.observations.size());
      const std::set<std::string> names = DeadNames(organization, death);
      std::set<std::string> dead_pools;
      for (const std::string& name : death.front_end_pools)
        dead_pools.insert(organization.front_end_pools.at(name).fqdn);
      for (const auto& [key, seen] : alive.observations) {
        const Observation& now = dead.observations.at(key);
        ASSERT_EQ(Fault(key, seen, now, names, dead_pools), "")
            << "seed " << seed << ", " << death.name << ": " << ToString(key.id) << " from "
            << key.vantage;
        changed += now == seen ? 0 : 1;
      }
    }
  }
  EXPECT_GT(changed, 1000U);
}

}  // namespace
}  // namespace poolshift
