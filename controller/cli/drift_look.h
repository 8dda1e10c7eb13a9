// A look for drift: what `drift` reports, and how `apply` proves its end.
#pragma once

#include "absl/status/statusor.h"

#include "controller/cli/session.h"
#include "controller/engine/workspace.h"
#include "controller/report/drift_report.h"

namespace poolshift {

// Looks, compares, and remembers in the state directory since when each difference has been seen.
// When it cannot be remembered, that is told, and the report is made without.
absl::StatusOr<DriftReport> LookForDrift(const Session& session, Workspace& workspace);

}  // namespace poolshift
