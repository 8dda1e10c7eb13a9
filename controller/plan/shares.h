// Shares: how the lower bound of a problem adds up, group by group, and which rules make a group
// dearer than it would be alone.
#pragma once

#include <vector>

#include "controller/plan/groups.h"

namespace poolshift::plan {

// Of every group that costs something, in their order. `costs`: of each group's cheapest way;
// `is_refined`: by group, whether steps were left out of its search because rules stand against
// them.
std::vector<BoundShare> SharesOf(const PlanningProblem& problem,
                                 const Index& index,
                                 const std::vector<Group>& groups,
                                 const std::vector<int>& costs,
                                 const std::vector<bool>& is_refined);

}  // namespace poolshift::plan
