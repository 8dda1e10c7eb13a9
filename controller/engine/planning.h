// Planning: the pure middle of `plan`, from values to a plan without commands: lower, solve, check,
// account.
#pragma once

#include "absl/status/statusor.h"

#include "controller/federation/assignment.h"
#include "controller/federation/organization.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"

namespace poolshift {

// A plan with refusals has no actions. Internal when the checker disagrees with the planner: a
// defect of ours, and nothing may be applied.
absl::StatusOr<Plan> MakePlanWithoutCommands(const Organization& organization,
                                             const ObservedState& observed,
                                             const Assignment& assignment);

}  // namespace poolshift
