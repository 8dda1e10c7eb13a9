// What a plan would do about a difference. Pure.
#pragma once

#include "controller/model/plan.h"
#include "controller/report/drift_report.h"

namespace poolshift {

// The actions of `plan`, which leads to everything that is declared, that change the resource of
// `entry`; of what nobody changes (a port that answers), those that the plan's gates for it wait
// for.
DriftSuggestion SuggestFor(const DriftEntry& entry, const Plan& plan);

}  // namespace poolshift
