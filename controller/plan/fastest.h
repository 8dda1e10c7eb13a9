// Fastest: the plan that takes the least time of all, and of those the one with fewest actions;
// exact within its budget. A plan with an action more can be shorter: what parks something
// elsewhere need not wait.
#pragma once

#include <cstdint>
#include <vector>

#include "controller/plan/earliest.h"
#include "controller/plan/groups.h"

namespace poolshift::plan {

struct Fastest {
  bool found = false;
  bool exhausted = false;   // the budget ended first: nothing is known
  std::vector<int> steps;   // operators, in the order in which they begin
  Ticks makespan = 0;       // no plan takes less, one at a time under each lock
  std::int64_t states = 0;  // examined
};

// Search over what is done and what is going on. A step may begin when, with all that is going on,
// every subset in every order is possible and keeps the clauses: these are exactly the states that
// an order of steps allows at that moment.
Fastest FindFastest(const PlanningProblem& problem,
                    const Index& index,
                    const std::vector<Group>& groups,
                    Earliest& earliest,
                    std::int64_t budget);

}  // namespace poolshift::plan
