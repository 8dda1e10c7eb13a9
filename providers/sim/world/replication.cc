#include "providers/sim/world/replication.h"

#include <algorithm>

#include "providers/sim/world/reachability.h"

namespace poolshift::sim {
namespace {

constexpr int kReplicationPort = 4443;

// Newest write that a copy which has followed for long enough holds.
std::int64_t Delivered(const World& world, absl::Time now) {
  std::int64_t watermark = world.store.settled;
  for (const StoreWrite& write : world.store.recent) {
    if (write.at + world.replication_lag <= now) watermark = write.watermark;
  }
  return watermark;
}

const Projection& PublishedAt(const EdgePool& pool, std::int64_t watermark) {
  for (const FormerProjection& former : pool.former) {
    if (watermark < former.replaced_by) return former.projection;
  }
  return pool.published;
}

Replica Held(const World& world, const Replica& written, const EdgePool* pool, absl::Time now) {
  const bool caught_up = now >= written.since + world.replication_lag;
  const std::int64_t watermark = caught_up ? Delivered(world, now) : written.watermark;
  if (watermark <= written.watermark) return written;
  Replica held = written;
  held.watermark = watermark;
  if (pool != nullptr) held.holds = PublishedAt(*pool, watermark);
  return held;
}

bool FirewallLetsMasterReach(const World& world, std::string_view server, std::string_view pool) {
  return !BlockedBy(world, {world.store.pool}, {server, pool}, kReplicationPort).has_value();
}

void Follow(Replica& replica, bool follows, absl::Time now) {
  const bool followed = replica.since != absl::InfiniteFuture();
  if (follows && !followed) replica.since = now;
  if (!follows) replica.since = absl::InfiniteFuture();
}

}  // namespace

bool StoreAlive(const World& world) {
  const auto pool = world.front_end_pools.find(world.store.pool);
  if (!world.store.alive || pool == world.front_end_pools.end()) return false;
  return std::ranges::any_of(pool->second.servers, [&](const std::string& server) {
    return world.front_end_servers.find(server)->second.power;
  });
}

Replica HeldBy(const World& world, const EdgeServer& server, absl::Time now) {
  return Held(world, server.replica, world.FindEdgePool(server.pool), now);
}

Replica HeldBy(const World& world, const FrontEndServer& server, absl::Time now) {
  return Held(world, server.replica, nullptr, now);
}

std::int64_t RecordWrite(World& world, absl::Time now) {
  world.store.recent.push_back({++world.store.watermark, now});
  return world.store.watermark;
}

void Publish(World& world, std::string_view pool, Projection projection, std::int64_t watermark) {
  EdgePool& entry = world.edge_pools.find(pool)->second;
  entry.former.push_back({watermark, entry.published});
  entry.published = std::move(projection);
}

void SettleReplicas(World& world, absl::Time now) {
  for (auto& [name, server] : world.edge_servers)
    server.replica = HeldBy(world, server, now);
  for (auto& [name, server] : world.front_end_servers)
    server.replica = HeldBy(world, server, now);
  CentralStore& store = world.store;
  store.settled = Delivered(world, now);
  std::erase_if(store.recent, [&](const StoreWrite& w) { return w.watermark <= store.settled; });
  for (auto& [name, pool] : world.edge_pools) {
    std::erase_if(pool.former,
                  [&](const FormerProjection& f) { return f.replaced_by <= store.settled; });
  }
}

void FollowMaster(World& world, absl::Time now) {
  const bool alive = StoreAlive(world);
  for (auto& [name, server] : world.edge_servers) {
    const bool follows =
        alive && server.runs(Role::kReplica) && FirewallLetsMasterReach(world, name, server.pool);
    Follow(server.replica, follows, now);
  }
  for (auto& [name, server] : world.front_end_servers) {
    Follow(server.replica, alive && server.power, now);
  }
}

}  // namespace poolshift::sim
