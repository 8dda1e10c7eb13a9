// Refinement: can an operator ever be used between two states of its group? It cannot when no
// values of the other variables satisfy every clause both before and after it. Deleting such edges
// from a value graph lengthens the shortest way to what every plan must really do ("detach before
// swap"), and keeps it a lower bound.
#pragma once

#include <vector>

#include "controller/plan/index.h"

namespace poolshift::plan {

struct Transition {
  const PlanningProblem& problem;
  const Index& index;
  const std::vector<VariableIndex>& variables;  // of the group, sorted
  const std::vector<ValueIndex>& before;        // their values
  const std::vector<ValueIndex>& after;
  int step = 0;  // operator
};

// False only when it is proved that the transition can never happen. The proof is unit propagation
// over at most a fixed number of clauses, so true may be too optimistic (the bound stays a bound).
bool IsPossible(const Transition& transition);

}  // namespace poolshift::plan
