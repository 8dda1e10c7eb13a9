// The saved plan as bytes: a header line that people can read, then a record.v1.PlanFile. The
// header's digest makes a truncated or edited file an error, never another plan. It protects
// against accidents, not against somebody who can compute a digest: what may be applied is still
// checked against the world and the policy.
//
//   poolshift-plan 1 6b86b273…b4b 18211
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/model/plan.h"
#include "controller/wire/inputs.h"

namespace poolshift {

struct PlanFile {
  Plan plan;
  std::map<std::string, std::string> provider_digests;  // manifest name → SHA-256 of its program
  absl::Time created = absl::UnixEpoch();               // to the nanosecond
  std::string commit;  // of the manifests; "" when they are in no repository
  std::string goal;    // SHA-256 of the declaration (engine/load.h); "" in files of before
  std::optional<PlanInputs> inputs;  // what the plan was made from
  // SHA-256 of everything else: what makes this file itself, used once (guarantee G9). Set by
  // decoding.
  std::string identity;
};

// Format versions are whole numbers; this one is written, and the only one read.
inline constexpr int kPlanFileFormat = 1;

// The same file is always the same bytes. `identity` is ignored.
std::string EncodePlanFile(const PlanFile& file);

// DataLoss: truncated or edited. FailedPrecondition: written by a later version. InvalidArgument:
// no plan file at all. `name` is the file's, for messages.
absl::StatusOr<PlanFile> DecodePlanFile(std::string_view bytes, std::string_view name);

}  // namespace poolshift
