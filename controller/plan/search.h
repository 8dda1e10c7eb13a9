// Search: A* over whole states, for problems whose groups cannot simply be interleaved. Exact
// within its budget.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "controller/plan/groups.h"

namespace poolshift::plan {

struct Found {
  std::vector<int> steps;  // operators in order; empty and `exhausted` false = there is no plan
  bool solved = false;
  bool exhausted = false;   // the budget ended first: nothing is known
  std::int64_t states = 0;  // examined
};

// The cheapest sequence from start to goal that keeps every clause. The estimate is the sum of the
// groups' remaining costs, each of which a plan must pay. A clause broken at the start may be
// repaired but not made worse.
Found FindCheapest(const PlanningProblem& problem,
                   const Index& index,
                   const std::vector<Group>& groups,
                   std::int64_t budget);

// Some such sequence, for when the cheapest takes too long: what is still to be paid weighs more
// than what is paid, so that the search goes straight for the goal. Safe like the other, not
// minimal.
Found FindAny(const PlanningProblem& problem,
              const Index& index,
              const std::vector<Group>& groups,
              std::int64_t budget);

}  // namespace poolshift::plan
