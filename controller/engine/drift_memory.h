// What the store remembers of drift, put into a report.
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "controller/report/drift_history.h"
#include "controller/report/drift_report.h"
#include "controller/store/store.h"

namespace poolshift {

// Records the look, and tells of each entry since when it is there, when it was last in sync and
// who knows about it; and what was there before and could not be looked at now.
// Whether something appeared or went since the look before.
absl::StatusOr<bool> RememberDrift(Store& store, DriftReport& report);

// What is on record, those that were seen last first; at most `most`, and of each the last
// `most_periods` times.
absl::StatusOr<std::vector<DriftPast>> PastDrift(
    Store& store,
    std::string_view organization,
    int most,
    absl::Time now,
    std::size_t most_periods = std::numeric_limits<std::size_t>::max());

}  // namespace poolshift
