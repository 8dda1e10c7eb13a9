// Saved plans, as `plan --out`, `show`, `graph` and `apply` use them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "controller/cli/opening.h"
#include "controller/wire/record.h"

namespace poolshift {

// Whether the file begins as a saved plan does. False when it cannot be read.
bool IsPlanFile(const std::string& path);

absl::StatusOr<PlanFile> LoadPlan(const Session& session, const std::string& path);

// PermissionDenied, naming the provider and both digests, when another program than the recorded
// one runs.
absl::Status CheckPrograms(const PlanFile& file, const Workspace& workspace);

absl::Status SavePlan(const Session& session,
                      const Workspace& workspace,
                      const Planning& planning,
                      const std::string& path);

// The plan of the file when the only word names a saved plan, else one made now.
Planning SavedOrMade(Session& session, const Arguments& arguments);

}  // namespace poolshift
