// Likeness: what was observed, as a world file of the simulated platform (docs/sim.md), so that a
// plan can be played on it. Names that were seen but are not declared (a pool in the topology) get
// a server of their own; what nobody could look at is taken for well, except that a server of which
// nothing answers has no power.
#pragma once

#include "absl/status/statusor.h"

#include "controller/federation/organization.h"
#include "controller/model/observation.h"

namespace poolshift {

// Unavailable when the topology could not be looked at: nothing can be played without it.
absl::StatusOr<Value> LikenessOf(const Organization& organization, const ObservedState& observed);

}  // namespace poolshift
