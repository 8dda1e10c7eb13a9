// Planning: the pure middle of `plan`, from values to a plan without commands: lower, solve, check,
// account.
#pragma once

#include <vector>

#include "absl/status/statusor.h"

#include "controller/federation/assignment.h"
#include "controller/federation/lowering_memory.h"
#include "controller/federation/organization.h"
#include "controller/federation/preparation.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"
#include "controller/model/problem.h"

namespace poolshift {

// What a plan was solved from, kept for questions about its order.
struct Reasoning {
  PlanningProblem problem;
  std::vector<int> steps;               // operators, one for each action of the plan
  std::vector<std::vector<int>> needs;  // by place: places
};

// `memory`: as of Lower().
//
// A plan with refusals has no actions. Internal when the checker disagrees with the planner: a
// defect of ours, and nothing may be applied. `reasoning`, if given, is filled in when there are
// actions.
absl::StatusOr<Plan> MakePlanWithoutCommands(const Organization& organization,
                                             const ObservedState& observed,
                                             const Assignment& assignment,
                                             Reasoning* reasoning = nullptr,
                                             const Preparation& preparation = {},
                                             Objective objective = Objective::kFewestActions,
                                             LoweringMemory* memory = nullptr);

// The same held against the policy's limits; windows are not looked at, because they bound when a
// plan may run, not when it may be made.
absl::StatusOr<Plan> MakePlanWithinLimits(const Organization& organization,
                                          const ObservedState& observed,
                                          const Assignment& assignment,
                                          absl::Time now,
                                          const Preparation& preparation,
                                          Objective objective);

}  // namespace poolshift
