// RecordedRun: everything that is on record of one run, put together again.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/store/store.h"
#include "controller/wire/record.h"

namespace poolshift {

struct RecordedRun {
  RunRecord run;
  PlanFile file;  // with its inputs, when they are on record
  std::vector<IntentRecord> intents;
  std::vector<ResultRecord> results;
  std::vector<EvidenceRecord> evidence;
  std::vector<EventRow> events;
};

// NotFound when there is no such run, DataLoss when what is on record cannot be read.
absl::StatusOr<RecordedRun> ReadRun(Store& store, std::string_view organization, std::int64_t run);

}  // namespace poolshift
