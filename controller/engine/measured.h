// Measured: how long actions really took in earlier runs, in place of what the domain declares.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/model/plan.h"
#include "controller/store/store.h"

namespace poolshift {

// By kind and verb ("SiteRoute update"): how long each took that ended well, in whole seconds.
using Measurements = std::map<std::string, std::vector<absl::Duration>>;

// Of the newest `most` runs on record.
absl::StatusOr<Measurements> MeasureRuns(Store& store, std::string_view organization, int most);

// Gives every action whose kind and verb were measured the median as its estimate (the lower one of
// two), and says which: "SiteRoute update 4s (3 times)". Empty when none was.
std::string UseMeasurements(const Measurements& measured, Plan& plan);

}  // namespace poolshift
