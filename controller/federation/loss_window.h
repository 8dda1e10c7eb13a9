// Loss windows (D9): from which step to which a finished plan of a live move expects messages to be
// lost, and for how long by its own estimates. None is denied where it was not proved.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "controller/federation/situation.h"

namespace poolshift {

// One warning for each window. `actions` in the plan's order: their place is the number that people
// see. `former_ttl`: greatest TTL of a record that moves, seconds.
Diagnostics LossWindows(const std::vector<Move>& moves,
                        const std::vector<Action>& actions,
                        const std::map<Protocol, std::int64_t>& former_ttl);

}  // namespace poolshift
