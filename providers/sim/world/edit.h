// Edits by hand: somebody changes the platform behind the controller's back.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

#include "controller/model/value.h"
#include "providers/sim/world/world.h"

namespace poolshift::sim {

// The node at `path` ("edgePools/edgepool1.contoso.com/power"; keys may contain slashes themselves)
// of the world's tree, or NOT_FOUND naming the closest key.
absl::StatusOr<Value> NodeAt(const Value& tree, std::string_view path);

// The world after the node at `path` was replaced by `value` at `now`; `path`'s last key may be
// new. A null value removes it. A path "edgePools/<pool>/power" (or services, installed, replica)
// stands for every server of the pool. The consequences follow: power that comes on starts services
// as `onPowerOn` says, a changed flag, route or association counts as a write to the central store,
// a changed record is remembered by resolvers. INVALID_ARGUMENT says what is wrong with the edit.
absl::StatusOr<World> Edited(World world,
                             std::string_view path,
                             const Value& value,
                             absl::Time now);

}  // namespace poolshift::sim
