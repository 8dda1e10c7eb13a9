// Conflict: why a problem has no plan, in as few rules as possible: leave out any one of them and a
// plan exists.
#pragma once

#include <functional>
#include <vector>

#include "controller/model/problem.h"

namespace poolshift::plan {

// Whether the problem is proved to have no plan.
using IsHopeless = std::function<bool(const PlanningProblem&)>;

// What cannot all be met: rules first, then goals ("goal"), each with its manifest line, and no
// more of them than are needed. The goals of `part` are tried alone first. What `is_hopeless` does
// not know in time stays in, so that the answer is right, if not always smallest.
std::vector<Demand> FindConflict(const PlanningProblem& problem,
                                 const std::vector<VariableIndex>& part,
                                 const IsHopeless& is_hopeless);

}  // namespace poolshift::plan
