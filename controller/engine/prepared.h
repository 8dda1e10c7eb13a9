// A plan made now, with what earlier runs have left on record: lowered times to live, and how long
// actions took. For the command line and for `poolshift serve` alike.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/engine/measured.h"
#include "controller/engine/workspace.h"
#include "controller/federation/preparation.h"

namespace poolshift {

// What is on record of earlier runs, for a plan made from `observed`.
absl::StatusOr<Preparation> PreparationFor(const Workspace& workspace,
                                           const ObservedState& observed,
                                           MovePhase phase,
                                           absl::Time now);

struct MadePlan {
  Plan plan;
  std::string measured;    // which estimates were measured in earlier runs (measured.h)
  ObservedState observed;  // what it was made from
  Preparation preparation;
  Objective objective = Objective::kFewestActions;
  Measurements measurements;
};

// From what was observed at `now`. Errors are those of Workspace::MakePlan and of the store.
absl::StatusOr<MadePlan> MakePreparedPlan(Workspace& workspace,
                                          ObservedState observed,
                                          absl::Time now,
                                          MovePhase phase = MovePhase::kWhole,
                                          Objective objective = Objective::kFewestActions);

}  // namespace poolshift
