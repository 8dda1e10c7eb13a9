// Attachments of a run: whole texts (its plan, what the plan was made from), each kept once under
// its digest however many runs have it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "controller/store/run_store.h"
#include "controller/store/sqlite.h"

namespace poolshift {

// Inside the caller's transaction.
absl::Status Attach(Database& database,
                    std::string_view organization,
                    std::int64_t run,
                    const Attachment& attachment);

// Ordered by role and name. DataLoss when a content is not the one of its digest.
absl::StatusOr<std::vector<Attachment>> AttachmentsOf(Database& database,
                                                      std::string_view organization,
                                                      std::int64_t run);

// A sentence for each text of the organisation that is missing or is not the one of its digest.
absl::StatusOr<std::vector<std::string>> CheckTexts(Database& database,
                                                    std::string_view organization);
// Gives such texts the digest that they have now, and forgets those that are missing.
absl::Status TakeTextsAsTheyAre(Database& database, std::string_view organization);

}  // namespace poolshift
