// Pieces of drift in JSON, for the reports that have more around them.
#pragma once

#include <optional>

#include "controller/report/drift_report.h"
#include "controller/report/json_text.h"

namespace poolshift {

// An item of `drift[]` (docs/drift.schema.json).
Json ToJson(const DriftReport& report, const DriftEntry& entry);
// Null when there is none.
Json ToJson(const std::optional<DriftAcknowledgement>& acknowledged);

}  // namespace poolshift
