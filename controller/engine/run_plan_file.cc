#include "controller/engine/run_plan_file.h"

#include "controller/model/try.h"

namespace poolshift {
namespace {

constexpr std::size_t kLargestPlanFile = std::size_t{256} << 20U;

}  // namespace

absl::Status WritePlanFile(Files& files, const std::string& path, const PlanFile& file) {
  return files.Replace(path, EncodePlanFile(file), 0600);
}

absl::StatusOr<PlanFile> ReadPlanFile(Files& files, const std::string& path) {
  POOLSHIFT_ASSIGN(const std::string bytes, files.Read(path, kLargestPlanFile));
  return DecodePlanFile(bytes, path);
}

}  // namespace poolshift
