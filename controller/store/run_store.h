// RunStore: what a run needs of the store: who may write, what was begun, what became of it. The
// real one is store.h; the simulation has one that loses what was not synced.
//
// Every question names its organisation. What a call has recorded survives a power loss.
// Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/store/journal.h"
#include "controller/store/lease.h"

namespace poolshift {

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
  std::string text;          // why it ended so
  std::string single_use;    // identity of the saved plan, "" for one that was just made
  std::string consent;       // how a person agreed
  std::string program;       // that planned and ran it: version, build, rules
  std::int64_t follows = 0;  // the run that it goes on from; 0 = none
  std::string follows_as;    // "resumes", "backs out"
};

// A whole text that belongs to a run.
struct Attachment {
  std::string role;  // "plan", "inputs", "manifest"
  std::string name;  // of the manifest, else ""
  std::string content;
};

// What a run begins with besides its record.
struct RunPapers {
  std::vector<std::string> approvals;  // each on record by itself
  std::vector<Attachment> inputs;      // what the plan was made from
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

// What a gate saw when it opened or gave up, or a change that looked at it once more.
struct EvidenceRecord {
  std::int64_t run = 0;
  std::int64_t seq = 0;
  std::string action;   // ActionId
  std::string outcome;  // as ResultRecord's
  std::string text;
  std::string seen;  // bytes of observations
  absl::Time at = absl::UnixEpoch();
};

// The key under which a provider is called when `proposed` already has that many results on record.
// Moving away, back, and away again proposes the same key each time.
std::string KeyAfter(const std::string& proposed, std::int64_t results);

class RunStore {
 public:
  virtual ~RunStore() = default;

  // Runs. A second run of one saved plan is FailedPrecondition. Returns the run's id. Aborted when
  // the token is not that of the lease that is held.
  virtual absl::StatusOr<std::int64_t> BeginRun(std::string_view organization,
                                                const RunRecord& run,
                                                const RunPapers& papers) = 0;
  virtual absl::Status EndRun(std::string_view organization,
                              std::int64_t run,
                              absl::Time ended,
                              std::string_view outcome,
                              std::string_view text) = 0;
  // Oldest first.
  virtual absl::StatusOr<std::vector<RunRecord>> UnfinishedRuns(std::string_view organization) = 0;
  // The run that used the saved plan up, 0 when none has.
  virtual absl::StatusOr<std::int64_t> ConsumedBy(std::string_view organization,
                                                  std::string_view single_use) = 0;

  // Intents and results. RecordIntent takes `proposed_key` and gives the key to use: another one
  // when the proposed one already has a result, because a provider answers a finished key from
  // memory. Aborted when the token is not that of the lease that is held: a later controller has
  // taken over.
  virtual absl::StatusOr<IntentRecord> RecordIntent(std::string_view organization,
                                                    const IntentRecord& intent) = 0;
  virtual absl::Status RecordResult(std::string_view organization, const ResultRecord& result) = 0;
  // Intents without a result of one run, in their order.
  virtual absl::StatusOr<std::vector<IntentRecord>> InDoubt(std::string_view organization,
                                                            std::int64_t run) = 0;

  // `seq` and `id` are given by the store.
  virtual absl::Status RecordEvidence(std::string_view organization,
                                      const EvidenceRecord& evidence) = 0;
  virtual absl::Status RecordEvent(std::string_view organization, const EventRow& event) = 0;
  // Writes the journal's head beside the store, so that an older copy of the store that is put in
  // its place is noticed. After each run.
  virtual absl::Status KeepHead(std::string_view organization) = 0;

  // Who may write. FailedPrecondition, saying who, where and since when, while another live process
  // holds it. A lease of a process of this host that has ended is taken over. The token is greater
  // than all before it.
  virtual absl::StatusOr<Lease> AcquireLease(std::string_view organization,
                                             const LeaseHolder& holder,
                                             absl::Time now) = 0;
  // Nothing when the lease is no longer this one.
  virtual absl::Status ReleaseLease(std::string_view organization, const Lease& lease) = 0;
  // Takes the lease from whoever holds it, whether that process lives or not: its next intent is
  // refused, every later lease has a token greater than `floor` and all before, and displaces. On
  // record with the reason. Returns what was put on record.
  virtual absl::StatusOr<LeaseBreak> BreakLease(std::string_view organization,
                                                const LeaseBreak& wanted,
                                                std::int64_t floor) = 0;
};

}  // namespace poolshift
