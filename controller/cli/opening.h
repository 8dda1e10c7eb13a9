// Opening: an organisation opened for a verb, with everything that went wrong already told to the
// user.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/cli/command.h"
#include "controller/engine/measured.h"
#include "controller/engine/workspace.h"
#include "controller/federation/preparation.h"
#include "controller/wire/inputs.h"

namespace poolshift {

struct Opening {
  std::unique_ptr<Workspace> workspace;  // null: `code` says why
  ExitCode code = kExitOk;
};

// Which faults of the manifests are told. What is only begun is not warned about.
enum class Telling { kEverything, kErrors };

// Faults of the manifests are printed as `file:line:column: error: …`, warnings too.
Opening OpenWorkspace(Session& session,
                      const Arguments& arguments,
                      const std::vector<std::string>& paths,
                      bool read_only,
                      Telling telling = Telling::kEverything);

// A plan made from what is observed now.
struct Planning {
  std::optional<Plan> plan;  // nothing: `code` says why
  ExitCode code = kExitOk;
  std::string measured = {};    // which estimates were measured in earlier runs (measured.h)
  ObservedState observed = {};  // what it was made from; empty for a plan read from a file
  Preparation preparation = {};
  Objective objective = Objective::kFewestActions;
  Measurements measurements = {};
};
Planning MakePlanNow(Session& session,
                     Workspace& workspace,
                     MovePhase phase = MovePhase::kWhole,
                     Objective objective = Objective::kFewestActions);

// Everything that the plan was made from, for the record.
PlanInputs RecordedInputs(const Workspace& workspace, const Planning& planning);

// The option --phase of `plan` and `apply` (D18). InvalidArgument when it is no phase.
OptionSpec PhaseOption();
absl::StatusOr<MovePhase> PhaseOf(const Arguments& arguments);

// The option --prefer-time of both.
OptionSpec TimeOption();
Objective ObjectiveOf(const Arguments& arguments);

// 12 when refused, 0 when there is nothing to do, else 2.
ExitCode CodeOf(const Plan& plan);

}  // namespace poolshift
