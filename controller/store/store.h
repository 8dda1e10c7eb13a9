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

namespace poolshift {

class Database;
class Statement;

struct RunRecord {
  std::int64_t id = 0;
  std::string plan_digest;
  std::string plan_file;  // bytes of a plan file
  std::string commit;     // of the manifests
  std::string who;
  std::int64_t token = 0;
  std::string override_reason;
  absl::Time started = absl::UnixEpoch();
  absl::Time ended = absl::InfiniteFuture();  // InfiniteFuture: it has not
  std::string outcome;
};

struct IntentRecord {
  std::int64_t run = 0;
  std::int64_t seq = 0;
  std::string key;           // under which the provider is called
  std::string proposed_key;  // of the same action in any run
  std::string action;        // ActionId
  std::int64_t token = 0;
  absl::Time at = absl::UnixEpoch();
};

struct ResultRecord {
  std::int64_t run = 0;
  std::int64_t seq = 0;
  std::string outcome;  // "done", "failed", "not done"
  std::string text;
  std::string revision;
  absl::Time at = absl::UnixEpoch();
};

struct DriftRecord {
  std::string fingerprint;
  absl::Time first_seen = absl::UnixEpoch();
  absl::Time last_seen = absl::UnixEpoch();
};

class Store {
 public:
  // Makes the directory (0700) and the file (0600) when missing, and brings an older file up to
  // date.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& state_directory);
  ~Store();

  // Runs. `single_use` is the identity of a saved plan, "" for a plan that was just made: a second
  // run of the same one is FailedPrecondition. Returns the run's id. Aborted when `token` is not
  // that of the lease that is held.
  absl::StatusOr<std::int64_t> BeginRun(std::string_view organization,
                                        const RunRecord& run,
                                        std::string_view single_use);
  absl::Status EndRun(std::string_view organization,
                      std::int64_t run,
                      absl::Time ended,
                      std::string_view outcome);
  // Newest first, at most `most`.
  absl::StatusOr<std::vector<RunRecord>> Runs(std::string_view organization, int most);
  // Oldest first.
  absl::StatusOr<std::vector<RunRecord>> UnfinishedRuns(std::string_view organization);
  // The run that used the saved plan up, 0 when none has.
  absl::StatusOr<std::int64_t> ConsumedBy(std::string_view organization,
                                          std::string_view single_use);

  // Intents and results. RecordIntent takes `proposed_key` and gives the key to use: another one
  // when the proposed one already has a result, because a provider answers a finished key from
  // memory. Aborted when the token is not that of the lease that is held: a later controller has
  // taken over.
  absl::StatusOr<IntentRecord> RecordIntent(std::string_view organization,
                                            const IntentRecord& intent);
  absl::Status RecordResult(std::string_view organization, const ResultRecord& result);
  // Intents without a result of one run, in their order.
  absl::StatusOr<std::vector<IntentRecord>> InDoubt(std::string_view organization,
                                                    std::int64_t run);
  absl::StatusOr<std::vector<IntentRecord>> Intents(std::string_view organization,
                                                    std::int64_t run);
  absl::StatusOr<std::vector<ResultRecord>> Results(std::string_view organization,
                                                    std::int64_t run);

  // Drift: these are the differences seen at `now`, and no others. Returns since when each has been
  // seen without a break; one that went away and came back counts from its return.
  absl::StatusOr<std::map<std::string, DriftRecord>> SeeDrift(
      std::string_view organization, const std::vector<std::string>& fingerprints, absl::Time now);

  // Who may write. FailedPrecondition, saying who, where and since when, while another live process
  // holds it. A lease of a process of this host that has ended is taken over. The token is greater
  // than all before it.
  absl::StatusOr<Lease> AcquireLease(std::string_view organization,
                                     const LeaseHolder& holder,
                                     absl::Time now);
  // Nothing when the lease is no longer this one.
  absl::Status ReleaseLease(std::string_view organization, const Lease& lease);

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
