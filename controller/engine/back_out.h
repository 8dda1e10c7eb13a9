// BackOut: the way back to the former declaration from any point of a plan, made by the same
// stages as the plan itself, with all rules in force, from the state that the point leaves behind.
#pragma once

#include <vector>

#include "absl/status/statusor.h"

#include "controller/engine/exporting.h"
#include "controller/engine/workspace.h"
#include "controller/federation/assignment.h"
#include "controller/federation/former_declaration.h"
#include "controller/federation/organization.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"
#include "controller/report/back_out_text.h"

namespace poolshift {

// What a plan was made from. Borrowed.
struct PlanGround {
  const Organization& declared;
  const ObservedState& observed;
  const Assignment& assignment;
  const FormerDeclaration& former;
  Objective objective = Objective::kFewestActions;
};

// The way back, without commands, after `done`: actions of one plan in an order that it allows.
absl::StatusOr<WayBack> MakeBackOut(const PlanGround& ground, const std::vector<Action>& done);

// The way back from where a run has really stopped: `reached` is what is there now.
absl::StatusOr<Plan> PlanBackWithoutCommands(const FormerDeclaration& former,
                                             const ObservedState& reached,
                                             const Assignment& assignment,
                                             const Exporters& exporters);
// The same with commands.
absl::StatusOr<Plan> PlanBack(const FormerDeclaration& former,
                              const ObservedState& reached,
                              Workspace& workspace);

// Of each prefix of these actions, the empty one first. At most `most` of them are planned: of many
// the last ones, so that the way back after all comes last.
absl::StatusOr<std::vector<WayBack>> MakeBackOuts(const PlanGround& ground,
                                                  const std::vector<Action>& actions,
                                                  std::size_t most);

}  // namespace poolshift
