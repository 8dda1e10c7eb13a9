// Shorten: among the ways that cost the same, those that take less time. A group can often go more
// than one way (both members of a document at once, or one after the other), and which of them
// holds up the others shows only when all are put together.
#pragma once

#include <vector>

#include "controller/plan/groups.h"
#include "controller/plan/makespan.h"

namespace poolshift::plan {

struct Shortened {
  std::vector<int> steps;
  std::vector<std::vector<int>> needs;  // Deorder's
  Makespan time;                        // of the two
};

// `steps` is a safe sequence; the result is one too. Other ways of the groups on the longest chain
// are tried, each at most `dearer` actions dearer than the one it replaces, and kept when all takes
// less time. A fixed number is tried, so that the answer may not be the shortest of all.
Shortened Shorten(const PlanningProblem& problem,
                  const Index& index,
                  const std::vector<Group>& groups,
                  std::vector<int> steps,
                  int dearer = 0);

}  // namespace poolshift::plan
