// The store's tables, version by version, and the way from each version to the next.
#pragma once

#include "absl/status/status.h"

#include "controller/store/sqlite.h"

namespace poolshift {

inline constexpr int kSchemaVersion = 4;

// Brings an empty or older database to kSchemaVersion, in one transaction. FailedPrecondition when
// it is newer than this program knows, DataLoss when it is no store of ours or its pages are
// damaged.
absl::Status Migrate(Database& database, std::int64_t now_ns);

}  // namespace poolshift
