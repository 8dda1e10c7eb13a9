// Together: the cheapest way of several groups at once. Groups that wait for each other in a circle
// have no ways that can be put together one by one; looked at as one group they have, and what it
// costs bounds every plan of the problem as the single ways do.
#pragma once

#include <cstdint>
#include <vector>

#include "controller/plan/groups.h"

namespace poolshift::plan {

struct Together {
  bool found = false;
  bool exhausted = false;   // the budget ended first: nothing is known
  std::vector<int> steps;   // operators in order; none and neither found nor exhausted: no way
  std::int64_t states = 0;  // examined
};

// A* over the values of these groups' variables, when the rest of the world may be anything that
// the clauses allow: lowest cost, then fewest operators. Clauses whose variables are all among them
// are kept exactly, so that the way can only be blocked by a variable outside.
Together CheapestTogether(const PlanningProblem& problem,
                          const Index& index,
                          const std::vector<Group>& groups,
                          std::int64_t budget);

}  // namespace poolshift::plan
