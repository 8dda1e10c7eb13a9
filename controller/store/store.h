// Store: what Poolshift remembers, in <state directory>/poolshift.db: the journal of runs, used
// plans, drift, and who may write. SQLite, WAL, every commit synced: what a call has recorded
// survives a power loss.
//
// What is recorded of runs is chained (chain.h). Whoever records, takes the lease or remembers
// drift is refused with PermissionDenied while the chain of that organisation is broken.
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

#include "controller/store/attachments.h"
#include "controller/store/drift_record.h"
#include "controller/store/journal.h"
#include "controller/store/lease.h"
#include "controller/store/run_store.h"

namespace poolshift {

class Database;
class Transaction;
class Statement;

class Store final : public RunStore {
 public:
  // Makes the directory (0700) and the file (0600) when missing, and brings an older file up to
  // date.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& state_directory);
  ~Store() override;

  // As RunStore says.
  absl::StatusOr<std::int64_t> BeginRun(std::string_view organization,
                                        const RunRecord& run,
                                        const RunPapers& papers) override;
  absl::StatusOr<std::int64_t> BeginRun(std::string_view organization, const RunRecord& run) {
    return BeginRun(organization, run, {});
  }
  // NotFound when it is not there or has ended.
  absl::Status EndRun(std::string_view organization,
                      std::int64_t run,
                      absl::Time ended,
                      std::string_view outcome,
                      std::string_view text) override;
  absl::Status EndRun(std::string_view organization,
                      std::int64_t run,
                      absl::Time ended,
                      std::string_view outcome) {
    return EndRun(organization, run, ended, outcome, "");
  }
  // Newest first, at most `most`; without plans `plan_file` is empty.
  enum class Plans { kRead, kLeaveOut };
  absl::StatusOr<std::vector<RunRecord>> Runs(std::string_view organization,
                                              int most,
                                              Plans plans = Plans::kRead);
  // NotFound when there is none.
  absl::StatusOr<RunRecord> Run(std::string_view organization, std::int64_t run);
  // Everything attached, the plan too, ordered by role and name.
  absl::StatusOr<std::vector<Attachment>> Attachments(std::string_view organization,
                                                      std::int64_t run);
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

  absl::Status RecordEvidence(std::string_view organization,
                              const EvidenceRecord& evidence) override;
  absl::StatusOr<std::vector<EvidenceRecord>> Evidence(std::string_view organization,
                                                       std::int64_t run);
  absl::Status RecordEvent(std::string_view organization, const EventRow& event) override;
  absl::StatusOr<std::vector<EventRow>> Events(std::string_view organization, std::int64_t run);

  // Number and hash of each record of a run, in their order.
  absl::StatusOr<std::vector<LinkRow>> Links(std::string_view organization, std::int64_t run);

  // The chain. CheckJournal is what every write asks first, once for each opened store: OK, or
  // PermissionDenied saying what is broken and what to do.
  absl::Status CheckJournal(std::string_view organization);
  // The same in full, and compared with `heads` that were kept elsewhere.
  absl::StatusOr<ChainReport> VerifyJournal(std::string_view organization,
                                            const std::vector<ChainHead>& heads);
  absl::StatusOr<ChainHead> Head(std::string_view organization);
  // Into poolshift.heads.
  absl::Status KeepHead(std::string_view organization) override;
  // A person gives a broken chain up: a new one begins that names it. FailedPrecondition when it is
  // whole.
  absl::Status Acknowledge(std::string_view organization,
                           std::string_view who,
                           std::string_view reason,
                           absl::Time now);

  // Removes ended runs that are outside both limits, never an unfinished one, and with it nothing
  // that is newer. Less may go than the limits allow: only whole runs at the beginning of the chain
  // do.
  absl::StatusOr<PruneReport> Prune(std::string_view organization,
                                    const PruneLimits& limits,
                                    std::string_view who,
                                    absl::Time now);
  // Gives the room of what was pruned back to the disk; needs as much of it meanwhile.
  absl::Status Shrink();

  // Drift: a look at `now` has seen these differences, and no others. What was open and is of a
  // resource that could not be looked at stays open.
  absl::StatusOr<DriftSeen> SeeDrift(std::string_view organization,
                                     const std::vector<DriftSighting>& sightings,
                                     absl::Time now);
  // Every difference on record, the one that was seen last first, at most `most`.
  absl::StatusOr<std::vector<DriftRecord>> DriftHistory(std::string_view organization, int most);
  // `name` is the fingerprint or its beginning. NotFound when there is none, InvalidArgument when
  // there are several. Takes the place of an earlier acknowledgement. Returns the fingerprint.
  absl::StatusOr<std::string> AcknowledgeDrift(std::string_view organization,
                                               std::string_view name,
                                               const DriftAcknowledged& acknowledged);
  // The same errors; NotFound also when it is not acknowledged.
  absl::StatusOr<std::string> WithdrawAcknowledgement(std::string_view organization,
                                                      std::string_view name);
  // Removes differences that are over and were seen last before `before`, but for the newest
  // `least` of those that are over. Returns how many went.
  absl::StatusOr<int> PruneDrift(std::string_view organization, absl::Time before, int least);

  // The last drill on record of the deaths that `scope` names. A new one takes its place.
  absl::StatusOr<DrillRecord> LastDrill(std::string_view organization, std::string_view scope);
  absl::Status RecordDrill(std::string_view organization,
                           std::string_view scope,
                           const DrillRecord& drill);

  absl::StatusOr<Lease> AcquireLease(std::string_view organization,
                                     const LeaseHolder& holder,
                                     absl::Time now) override;
  absl::Status ReleaseLease(std::string_view organization, const Lease& lease) override;
  absl::StatusOr<LeaseBreak> BreakLease(std::string_view organization,
                                        const LeaseBreak& wanted,
                                        std::int64_t floor) override;
  absl::StatusOr<LeaseStanding> Standing(std::string_view organization);
  // Newest first.
  absl::StatusOr<std::vector<LeaseBreak>> LeaseBreaks(std::string_view organization);

  const std::string& path() const { return path_; }

 private:
  explicit Store(std::string path);
  // With the mutex held.
  absl::Status CheckWritable(std::string_view organization);
  absl::Status NoSuchRun(std::string_view organization,
                         std::int64_t run,
                         std::string_view more = "") const;
  // To record something: PermissionDenied when the journal is broken.
  absl::StatusOr<Transaction> BeginWriting(std::string_view organization);
  // Inside a transaction, so that all is of one moment.
  absl::StatusOr<ChainReport> CheckAll(std::string_view organization);
  std::string heads_path() const;
  absl::StatusOr<std::map<std::string, ChainHead, std::less<>>> KeptHeads() const;
  absl::Status WriteHead(std::string_view organization, const ChainHead& head);
  absl::Status CheckToken(std::string_view organization, std::int64_t token);
  absl::StatusOr<LeaseStanding> ReadStanding(std::string_view organization);
  absl::Status WriteStanding(std::string_view organization, const LeaseStanding& standing);
  absl::StatusOr<std::vector<RunRecord>> ReadRuns(Statement query);
  absl::StatusOr<std::vector<IntentRecord>> ReadIntents(Statement query);
  absl::Status Consume(std::string_view organization,
                       std::string_view single_use,
                       std::int64_t run,
                       absl::Time at);

  const std::string path_;
  std::mutex mutex_;
  std::map<std::string, absl::Status, std::less<>> checked_;  // by organisation: CheckWritable's
  std::unique_ptr<Database> database_;
};

}  // namespace poolshift
