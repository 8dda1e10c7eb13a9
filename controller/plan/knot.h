// Knot: which ways hold each other up when they cannot be put together.
#pragma once

#include <vector>

#include "controller/plan/schedule.h"

namespace poolshift::plan {

// The places of ways (in the list that was interleaved) that must be looked at as one: the shortest
// circle of blocked ways, each waiting for the next; or one that waits only for ways that are not
// blocked, with these. Sorted. At least two, or none when nothing outside of a way can free it.
// `way_of`: by variable, the way that changes it, or -1.
std::vector<std::size_t> FindKnot(const PlanningProblem& problem,
                                  const Interleaving& interleaving,
                                  const std::vector<int>& way_of);

}  // namespace poolshift::plan
