// The saved plan on disk: `plan --out FILE` and `apply FILE`.
#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "controller/wire/record.h"
#include "controller/world/files.h"

namespace poolshift {

// 0600, replaced in one step.
absl::Status WritePlanFile(Files& files, const std::string& path, const PlanFile& file);

// Errors of Files::Read and DecodePlanFile; each names the path.
absl::StatusOr<PlanFile> ReadPlanFile(Files& files, const std::string& path);

}  // namespace poolshift
