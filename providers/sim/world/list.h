// What the simulated platform's central store knows to be there.
#pragma once

#include <vector>

#include "controller/model/listed.h"
#include "providers/sim/world/world.h"

namespace poolshift::sim {

// Sites, pools, Directors and partners, by kind and name. Readable from any copy of the store, like
// every resource of it. Never changes the world.
std::vector<Listed> List(const World& world);

}  // namespace poolshift::sim
