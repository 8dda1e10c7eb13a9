// `plan --back-out` and what `plan --runbook` needs of it.
#pragma once

#include <vector>

#include "absl/status/statusor.h"

#include "controller/cli/command.h"
#include "controller/engine/workspace.h"
#include "controller/report/back_out_text.h"

namespace poolshift {

// Prints the way back from the plan, which was made from what is observed.
ExitCode TellBackOut(Session& session,
                     const Arguments& arguments,
                     Workspace& workspace,
                     const ObservedState& observed,
                     const Plan& plan);

// Of every prefix of the plan, or of the last ones of a large plan; with commands.
absl::StatusOr<std::vector<WayBack>> WaysBack(const Session& session,
                                              const Arguments& arguments,
                                              Workspace& workspace,
                                              const ObservedState& observed,
                                              const Plan& plan);

}  // namespace poolshift
