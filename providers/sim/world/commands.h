// What a person would type for an action: the real cmdlets of the Lync Management Shell, and the
// commands of the DNS server and firewall around it, one line each. Never changes the world.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/model/plan.h"
#include "providers/sim/world/world.h"

namespace poolshift::sim {

// The world decides details only (which zone, whether a pool is dead). Empty for a kind that cannot
// be changed.
std::vector<std::string> Commands(const World& world, const Action& action);

// Windows short name of a role's service (domain.md §b.2); for the XMPP proxy, whose short name is
// not published, the pattern of its display name.
std::string_view ServiceName(Role role);

}  // namespace poolshift::sim
