// IdleEdge: an edge of an order that no clause needs, because other edges keep it.
#pragma once

#include <vector>

#include "controller/model/problem.h"

namespace poolshift::plan {

struct OrderedSteps {
  const PlanningProblem& problem;
  const std::vector<int>& steps;               // operators
  const std::vector<std::vector<int>>& needs;  // by position, sorted, transitively reduced
};

// Whether every clause stays as safe when `to` no longer waits for `from` and all other pairs are
// ordered as before. False when a clause is touched by too many steps to look at all their states.
bool IsIdle(const OrderedSteps& ordered, int from, int to);

}  // namespace poolshift::plan
