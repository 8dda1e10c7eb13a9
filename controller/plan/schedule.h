// Schedule: interleaves the groups' ways into one sequence in which every operator is applicable
// and every clause holds after every step. Event driven: a blocked group waits for the one variable
// or clause that blocks it, so that the work is linear in the size of the problem.
#pragma once

#include <vector>

#include "controller/plan/index.h"

namespace poolshift::plan {

// What keeps a way from going on.
struct Blocked {
  std::size_t way = 0;          // its place in the list
  int step = 0;                 // operator
  int clause = -1;              // that would break, or -1
  VariableIndex variable = -1;  // of a precondition that does not hold, or -1
};

struct Interleaving {
  std::vector<int> steps;        // operators in order, complete when `blocked` is empty
  std::vector<Blocked> blocked;  // the ways that could not be gone to their end
  State state;                   // after `steps`
};

// Among steps that are possible, the one that stands first in the problem goes first.
Interleaving Interleave(const PlanningProblem& problem,
                        const Index& index,
                        const std::vector<std::vector<int>>& ways);

}  // namespace poolshift::plan
