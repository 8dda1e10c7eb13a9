// Bound: what every plan of a problem must cost, reckoned from the problem alone, never from a
// plan. Parts of the problem that no operator joins are paid for one by one; a step of such a part
// counts as possible unless the clauses rule it out whatever the rest of the world does.
#pragma once

#include <string>
#include <vector>

#include "controller/model/problem.h"

namespace poolshift::check {

// -1: no plan can exist. `paid` is what a plan pays for each operator's part (by operator; the
// values of one part are added up): a part whose plain distance is paid already needs no closer
// look.
int LowerBound(const PlanningProblem& problem, const std::vector<int>& paid);

// What is untrue of the shares that the certificate divides its bound into: each must be of one of
// these parts, in their order, with what must become of it; what it costs alone and under the rules
// that are named is reckoned anew; and together they are the bound.
std::vector<std::string> CheckShares(const PlanningProblem& problem,
                                     const Certificate& certificate);

// No plan takes less time than this, however many hands there are: no operator ends before what it
// starts from and all that the clauses demand beside it have come about, each as early as it can by
// itself. Infinite: some goal cannot come about.
absl::Duration LeastTime(const PlanningProblem& problem);

}  // namespace poolshift::check
