// Chain: what makes the record of an organisation tamper-evident. Every record (the begin of a run,
// an intent, a result, a gate's evidence, the end of a run, an event) has one link: a number
// without gaps, the digest of the record's rows, and a hash over both and the hash of the link
// before. Rows that were removed, added, edited or put in another order no longer fit.
// docs/store.md.
//
// Links are appended in the transaction that writes the record, so they cost no sync of their own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "controller/store/journal.h"
#include "controller/store/sqlite.h"

namespace poolshift {

// All of these inside the caller's transaction.

// Links a record whose rows are written. The first link of an organisation is preceded by a
// segment.
absl::Status AppendLink(Database& database,
                        std::string_view organization,
                        std::string_view kind,
                        std::int64_t run,
                        std::int64_t ref,
                        absl::Time at);
// Writes an event and links it.
absl::Status AppendEvent(Database& database, std::string_view organization, const EventRow& event);
// Begins a segment with `segment`, numbered after every link and after `after`, and links
// everything that is on record to it.
absl::Status BeginSegment(Database& database,
                          std::string_view organization,
                          const EventRow& segment,
                          std::int64_t after);

absl::StatusOr<ChainHead> LastLink(Database& database, std::string_view organization);

// Digest of what outlives pruned runs: saved plans that were used, keys that were used.
absl::StatusOr<std::string> RemainderDigest(Database& database, std::string_view organization);

// Recomputes every link since the last segment from the rows.
absl::StatusOr<ChainReport> CheckChain(Database& database, std::string_view organization);

// How a head that was kept elsewhere compares. Its number may be 0 when only the hash is known.
absl::StatusOr<HeadCheck> CheckHead(Database& database,
                                    std::string_view organization,
                                    const ChainHead& head);

}  // namespace poolshift
