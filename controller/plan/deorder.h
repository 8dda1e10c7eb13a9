// Deorder: from one safe sequence to the order that is really needed. An edge stays only where a
// precondition needs its producer, or a clause needs its release before its use (docs/planner.md
// "Order"). Every interleaving of what is left keeps every clause in every state: the argument is
// in the .cc, the independent check in controller/check.
#pragma once

#include <vector>

#include "controller/plan/index.h"

namespace poolshift::plan {

// By position in `steps`: the positions that must come before it, sorted, transitively reduced.
std::vector<std::vector<int>> Deorder(const PlanningProblem& problem,
                                      const std::vector<int>& steps);

}  // namespace poolshift::plan
