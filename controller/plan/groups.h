// Groups: the parts of a problem that no operator joins. Each has its own shortest way from start
// to goal; the sum of their costs bounds every plan from below (docs/planner.md "Lower bound"), and
// when they can be interleaved, it is the plan.
#pragma once

#include <optional>
#include <vector>

#include "controller/plan/index.h"

namespace poolshift::plan {

// Variables that operators change together, sorted.
struct Group {
  std::vector<VariableIndex> variables;
};

// Groups in the order of their first variable. A variable that no operator changes is in no group.
std::vector<Group> FindGroups(const PlanningProblem& problem);

// The cheapest sequence of operators that leads the group from start to goal, when the rest of the
// world may be anything that the clauses allow; ties go to fewer operators, then to the earlier
// operator. Absent = no way.
std::optional<std::vector<int>> CheapestWay(const PlanningProblem& problem,
                                            const Index& index,
                                            const Group& group);

// The same from other values of the group's variables (in the group's order).
std::optional<std::vector<int>> CheapestWay(const PlanningProblem& problem,
                                            const Index& index,
                                            const Group& group,
                                            const std::vector<ValueIndex>& from);

}  // namespace poolshift::plan
