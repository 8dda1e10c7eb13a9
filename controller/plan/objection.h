// Objection: what stands against an order that a plan does not have. For "why not #7 before #3?".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/model/problem.h"

namespace poolshift::plan {

// One direct wait of a plan: the step at place `later` needs the one at `earlier`, and this is what
// would be wrong if it did not wait.
struct Objection {
  std::size_t earlier = 0, later = 0;  // places in the order of steps
  // The rule that the state would break; absent: the step itself is not possible yet.
  std::optional<Reason> rule;
  // The state that would be passed, as far as it is wrong: "service is stopped".
  std::vector<std::string> state;
};

// The shortest chain of direct waits from `earlier` to `later`, each with its objection; empty when
// the order leaves the two free. `needs` by place, as in Solution.
std::vector<Objection> ObjectionsBetween(const PlanningProblem& problem,
                                         const std::vector<int>& steps,
                                         const std::vector<std::vector<int>>& needs,
                                         std::size_t earlier,
                                         std::size_t later);

}  // namespace poolshift::plan
