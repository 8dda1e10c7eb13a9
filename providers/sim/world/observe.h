// What the simulated platform shows of a resource. Never changes the world.
#pragma once

#include "controller/model/observation.h"
#include "providers/sim/world/world.h"

namespace poolshift::sim {

// One observation at `now`. Resources of the central store are readable from any copy, so also
// while it is dead; what lives on a server without power is unreachable. `revision`, `at` and
// `provider` stay empty. A vantage matters to Reachability (who connects) and DnsRecordSet (what
// resolvers there remember).
Observation Observe(const World& world, const ObservationKey& key, absl::Time now);

}  // namespace poolshift::sim
