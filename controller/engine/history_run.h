// The record of runs, as the reports tell it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/report/lease_report.h"
#include "controller/report/recorded_run.h"
#include "controller/store/store.h"

namespace poolshift {

// A number from 1. InvalidArgument otherwise.
absl::StatusOr<std::int64_t> RunNumber(const std::string& word);

RunEntry EntryOf(const RunRecord& record);

// Who took the right to write from whom, newest first.
absl::StatusOr<std::vector<LeaseReport::Break>> LeaseBreaksOf(Store& store,
                                                              const std::string& organization);

absl::StatusOr<RunDossier> DossierOf(Store& store,
                                     const std::string& organization,
                                     std::int64_t run);

}  // namespace poolshift
