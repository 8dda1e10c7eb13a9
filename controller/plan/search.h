// Search: some safe sequence, for problems whose cheapest one takes too long to prove.
#pragma once

#include <cstdint>
#include <vector>

#include "controller/plan/groups.h"

namespace poolshift::plan {

struct Found {
  std::vector<int> steps;  // operators in order; empty and `exhausted` false = there is no plan
  bool solved = false;
  bool exhausted = false;   // the budget ended first: nothing is known
  std::int64_t states = 0;  // examined
};

// A sequence from start to goal that keeps every clause, by search over whole states. What is still
// to be paid (the sum of the groups' remaining costs) weighs more than what is paid, so that the
// search goes straight for the goal: as safe as the cheapest, not minimal. A clause broken at the
// start may be repaired but not made worse.
Found FindAny(const PlanningProblem& problem,
              const Index& index,
              const std::vector<Group>& groups,
              std::int64_t budget);

}  // namespace poolshift::plan
