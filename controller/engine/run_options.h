// The options that every run of a workspace's plan has in common, whoever begins it.
#pragma once

#include <string>

#include "controller/engine/run.h"
#include "controller/engine/workspace.h"

namespace poolshift {

// `program` is what planned, as ToString(ThisPlanner()) says it. Approvals, override, commit and
// consent are added by whoever has them.
RunOptions RunOptionsFor(const Workspace& workspace,
                         const Plan& plan,
                         const LeaseHolder& holder,
                         const std::string& program);

}  // namespace poolshift
