// Replication: the central store, and the local copies that follow it with a delay (domain.md c.1,
// G1).
//
// A copy follows while its server has power, its `replica` service runs, the store is alive and the
// firewall lets the master reach the server on 4443. It holds a write `replication_lag` after the
// later of the write and the moment it began to follow.
#pragma once

#include <string_view>

#include "providers/sim/world/world.h"

namespace poolshift::sim {

// The master answers: the database is alive and a server of its pool has power.
bool StoreAlive(const World& world);

// What a local copy holds at `now`.
Replica HeldBy(const World& world, const EdgeServer& server, absl::Time now);
Replica HeldBy(const World& world, const FrontEndServer& server, absl::Time now);

// Counts a write to the central store at `now`; its number. Call before the content changes.
std::int64_t RecordWrite(World& world, absl::Time now);

// Replaces what the store says of a pool, keeping the former text for copies that have yet to take
// over the write `watermark`.
void Publish(World& world, std::string_view pool, Projection projection, std::int64_t watermark);

// Writes down what every copy holds at `now`, and forgets the history that no copy needs any more.
void SettleReplicas(World& world, absl::Time now);

// Decides anew which copies follow, after something changed at `now`.
void FollowMaster(World& world, absl::Time now);

}  // namespace poolshift::sim
