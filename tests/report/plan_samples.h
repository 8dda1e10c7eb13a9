// Plans made by hand for the tests of reports: one with every kind of action and note, one refused,
// one empty.
#pragma once

#include "controller/model/plan.h"

namespace poolshift {

// Each symbol, a gate of each sort, an approval, a person's action, a deletion, a group of
// services, every treatment of a step, warnings.
Plan EverySymbolPlan();
Plan RefusedPlan();
Plan EmptyPlan();
// Names with terminal codes, direction overrides and bytes that are not UTF-8.
Plan HostilePlan();

}  // namespace poolshift
