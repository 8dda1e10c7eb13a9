// Weave: puts the groups' ways together to one sequence. Ways that hold each other up are replaced
// by the cheapest way of their groups at once (together.h), and so on, until nothing is held up.
//
// What is paid is always the sum of what parts of the problem must cost that share no operator, so
// the result is the cheapest there is: at the worst, all groups end up in one part, which is an
// exact search of the whole.
#pragma once

#include <cstdint>
#include <vector>

#include "controller/plan/groups.h"
#include "controller/plan/schedule.h"

namespace poolshift::plan {

struct Woven {
  bool solved = false;
  bool exhausted = false;   // the budget ended first; neither: there is no plan
  std::vector<int> steps;   // operators in order, when solved
  std::int64_t states = 0;  // examined; 0: the groups' own ways could be put together
  // When not solved: the ways that held each other up, and all variables of their groups.
  std::vector<Blocked> blocked;
  std::vector<VariableIndex> part;
};

// `ways`: the cheapest one of each group. `budget`: states, over all searches.
Woven Weave(const PlanningProblem& problem,
            const Index& index,
            const std::vector<Group>& groups,
            std::vector<std::vector<int>> ways,
            std::int64_t budget);

}  // namespace poolshift::plan
