// The declaration that the organisation was last seen to be as: what an outside change is told
// from a change of the declaration by. One file of the state directory, replaced in one step.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "controller/engine/load.h"
#include "controller/model/observation.h"
#include "controller/policy/automation.h"
#include "controller/report/drift_report.h"
#include "controller/world/files.h"

namespace poolshift {

struct Settled {
  std::string commit;
  std::string goal;  // GoalDigest() of the declaration
  absl::Time at = absl::UnixEpoch();
  ManifestTexts texts;
  std::string source = {};            // DeclarationSource::Description(), of a declaration in force
  std::optional<LockText> lock = {};  // committed with it, of a declaration in force
};

// Nothing when it was never as declared. DataLoss when the file is no such file.
absl::StatusOr<std::optional<Settled>> ReadSettled(Files& files,
                                                   const std::string& state_directory);
absl::Status WriteSettled(Files& files, const std::string& state_directory, const Settled& settled);

// The last declaration without faults, for a controller that begins while the newest has some.
// `at` is when it was committed.
absl::StatusOr<std::optional<Settled>> ReadInForce(Files& files,
                                                   const std::string& state_directory);
absl::Status WriteInForce(Files& files, const std::string& state_directory, const Settled& settled);

// Why the world is not as declared, as `now` reports it. What differs in the same way from what was
// declared when all was well, the world has changed; without `settled` nobody knows, and everything
// counts as that.
Cause CauseOf(const Organization* settled, const DriftReport& now, const ObservedState& observed);

}  // namespace poolshift
