// Runs that were cut off (a crash, a kill) are settled before anything is planned, so that the plan
// is made from what is known.
#pragma once

#include "controller/cli/command.h"
#include "controller/engine/workspace.h"
#include "controller/store/store.h"

namespace poolshift {

// Who this process is, for the lease and the record: the user, the host, the process.
LeaseHolder Holder(const Session& session);

// Tells on stderr, a line each, what became of what such runs had begun. With --takeover it first
// takes the lease and raises the fences. kExitOk when everything is settled; otherwise the reason
// has been told, and nothing may be planned.
ExitCode SettleCutOffRuns(Session& session, const Workspace& workspace, const Arguments& arguments);

// InvalidArgument when --takeover and --reason do not go together, or with a saved plan.
absl::Status CheckTakeover(const Arguments& arguments, bool saved_plan);

}  // namespace poolshift
