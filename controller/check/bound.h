// Bound: what every plan of a problem must cost, reckoned from the problem alone, never from a
// plan. Parts of the problem that no operator joins are paid for one by one; a step of such a part
// counts as possible unless the clauses rule it out whatever the rest of the world does.
#pragma once

#include <vector>

#include "controller/model/problem.h"

namespace poolshift::check {

// -1: no plan can exist. `paid` is what a plan pays for each operator's part (by operator; the
// values of one part are added up): a part whose plain distance is paid already needs no closer
// look.
int LowerBound(const PlanningProblem& problem, const std::vector<int>& paid);

// No plan takes less time than this, however many hands there are: no operator ends before what it
// starts from and all that the clauses demand beside it have come about, each as early as it can by
// itself. Infinite: some goal cannot come about.
absl::Duration LeastTime(const PlanningProblem& problem);

}  // namespace poolshift::check
