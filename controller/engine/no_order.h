// No order: the refusal of a problem for which the planner has no plan.
#pragma once

#include "controller/federation/organization.h"
#include "controller/model/plan.h"
#include "controller/plan/planner.h"

namespace poolshift {

// Names what cannot all be met, each with its manifest line, as few as possible; where that is not
// proved, what stood in the way.
Refusal RefusalOf(const plan::NoSolution& none, const Organization& organization);

}  // namespace poolshift
