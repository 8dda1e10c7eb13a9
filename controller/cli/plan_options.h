// Which options of `plan` go together.
#pragma once

#include "absl/status/status.h"

#include "controller/cli/command.h"

namespace poolshift {

// InvalidArgument says which option would not be heeded, and what to do instead: none is dropped
// silently.
absl::Status CheckPlanOptions(const Arguments& arguments);

}  // namespace poolshift
