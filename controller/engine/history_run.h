// `history show RUN`.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

#include "controller/report/recorded_run.h"
#include "controller/store/store.h"

namespace poolshift {

// A number from 1. InvalidArgument otherwise.
absl::StatusOr<std::int64_t> RunNumber(const std::string& word);

RunEntry EntryOf(const RunRecord& record);

absl::StatusOr<RunDossier> DossierOf(Store& store,
                                     const std::string& organization,
                                     std::int64_t run);

}  // namespace poolshift
