// Store: what Poolshift remembers, in <state directory>/poolshift.db: runs, intents, results, used
// plans, drift, and who may write. SQLite, WAL, every commit synced: what a call has recorded
// survives a power loss.
//
// Every row belongs to one organisation, and every question names it. Thread-safe; several
// processes may have the same store open. Errors are those of sqlite.h, and each names the file and
// what to do. docs/store.md.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/store/lease.h"
#include "controller/store/run_store.h"

namespace poolshift {

class Database;
class Statement;

struct DriftRecord {
  std::string fingerprint;
  absl::Time first_seen = absl::UnixEpoch();
  absl::Time last_seen = absl::UnixEpoch();
};

class Store final : public RunStore {
 public:
  // Makes the directory (0700) and the file (0600) when missing, and brings an older file up to
  // date.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& state_directory);
  ~Store() override;

  // As RunStore says.
  absl::StatusOr<std::int64_t> BeginRun(std::string_view organization,
                                        const RunRecord& run,
                                        std::string_view single_use) override;
  absl::Status EndRun(std::string_view organization,
                      std::int64_t run,
                      absl::Time ended,
                      std::string_view outcome) override;
  // Newest first, at most `most`.
  absl::StatusOr<std::vector<RunRecord>> Runs(std::string_view organization, int most);
  absl::StatusOr<std::vector<RunRecord>> UnfinishedRuns(std::string_view organization) override;
  absl::StatusOr<std::int64_t> ConsumedBy(std::string_view organization,
                                          std::string_view single_use) override;
  absl::StatusOr<IntentRecord> RecordIntent(std::string_view organization,
                                            const IntentRecord& intent) override;
  absl::Status RecordResult(std::string_view organization, const ResultRecord& result) override;
  absl::StatusOr<std::vector<IntentRecord>> InDoubt(std::string_view organization,
                                                    std::int64_t run) override;
  absl::StatusOr<std::vector<IntentRecord>> Intents(std::string_view organization,
                                                    std::int64_t run);
  absl::StatusOr<std::vector<ResultRecord>> Results(std::string_view organization,
                                                    std::int64_t run);

  // Drift: these are the differences seen at `now`, and no others. Returns since when each has been
  // seen without a break; one that went away and came back counts from its return.
  absl::StatusOr<std::map<std::string, DriftRecord>> SeeDrift(
      std::string_view organization, const std::vector<std::string>& fingerprints, absl::Time now);

  absl::StatusOr<Lease> AcquireLease(std::string_view organization,
                                     const LeaseHolder& holder,
                                     absl::Time now) override;
  absl::Status ReleaseLease(std::string_view organization, const Lease& lease) override;

  const std::string& path() const { return path_; }

 private:
  explicit Store(std::string path);
  absl::Status CheckToken(std::string_view organization, std::int64_t token);
  absl::StatusOr<std::vector<RunRecord>> ReadRuns(Statement query);
  absl::StatusOr<std::vector<IntentRecord>> ReadIntents(Statement query);
  absl::Status Consume(std::string_view organization,
                       std::string_view single_use,
                       std::int64_t run,
                       absl::Time at);

  const std::string path_;
  std::mutex mutex_;
  std::unique_ptr<Database> database_;
};

}  // namespace poolshift
