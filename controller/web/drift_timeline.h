// When the world differed from what was declared: a picture, and the same as a table.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/report/drift_history.h"

namespace poolshift::web {

// HTML; `past` in the order of DriftChronicle. The picture shows the last 30 days of it.
std::string DriftTimeline(const std::vector<DriftPast>& past, absl::Time now);

}  // namespace poolshift::web
