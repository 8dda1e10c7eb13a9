// Disk: what a host's store holds, record by record, and what is left of it after a power loss.
// SimulatedStore is the store of one process on it: the same promises as controller/store/store.h
// (the two are compared in store_model_test.cc), on records that can be durable, unsynced, torn or
// lost.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "controller/store/run_store.h"

namespace poolshift::simulation {

namespace entry {
struct Acquired {
  std::string organization;
  Lease lease;
};
struct Released {
  std::string organization;
  Lease lease;
};
struct Broken {
  std::string organization;
  LeaseBreak lease;
};
struct Begun {
  std::string organization;
  RunRecord run;
};
struct Intended {
  std::string organization;
  IntentRecord intent;
};
struct Resulted {
  std::string organization;
  ResultRecord result;
};
struct Seen {
  std::string organization;
  EvidenceRecord evidence;
};
struct Happened {
  std::string organization;
  EventRow event;
};
struct Ended {
  std::string organization;
  std::int64_t run = 0;
  absl::Time ended;
  std::string outcome, text;
};
}  // namespace entry

// A transaction of the store.
using Entry = std::variant<entry::Acquired,
                           entry::Released,
                           entry::Broken,
                           entry::Begun,
                           entry::Intended,
                           entry::Resulted,
                           entry::Seen,
                           entry::Happened,
                           entry::Ended>;
// "lease", "release", "break", "run", "intent", "result", "evidence", "event", "end".
std::string_view Name(const Entry& entry);

// What the records say, taken together.
struct Tables {
  std::map<std::string, LeaseStanding> leases;
  std::vector<std::pair<std::string, RunRecord>> runs;  // with their organisation; id = place + 1
  std::map<std::string, std::int64_t> consumed;         // "organisation/single use" → run
  std::map<std::int64_t, std::vector<IntentRecord>> intents;  // by run
  std::map<std::pair<std::int64_t, std::int64_t>, ResultRecord> results;
  std::map<std::string, std::int64_t> proposed;  // "organisation/key" → results on record
  std::map<std::int64_t, std::vector<EvidenceRecord>> evidence;  // by run
  std::vector<EventRow> events;

  void Take(const Entry& entry);
};

class Disk {
 public:
  // A record that is on its way. In the order in which they were written.
  struct Record {
    Entry entry;
    bool synced = false;
    bool torn = false;
    bool seen = false;  // taken into the tables: whoever reads through the page cache sees it
  };

  // One that does not keep its word: what it says is synced is not.
  void Lie() { honest_ = false; }

  void Write(Entry entry) { records_.push_back({std::move(entry), false, false, false}); }
  void Sync();
  // The newest record was cut off while it was written.
  void Tear() { records_.back().torn = true; }
  // It was written and could not be synced: the program was told so, and goes on without it.
  void Show();

  // What is left when the power comes back: all that was synced, then unsynced ones as far as
  // `keeps` says, up to the first that is torn or lost.
  void LosePower(const std::function<bool()>& keeps);

  const Tables& tables() const { return tables_; }
  const std::vector<Record>& records() const { return records_; }
  // Whether an intent under this key is safe from a power loss.
  bool HasDurableIntent(const std::string& key, std::int64_t token) const;
  const IntentRecord* IntentUnder(const std::string& key) const;

 private:
  bool honest_ = true;
  std::vector<Record> records_;
  Tables tables_;
  std::map<std::string, IntentRecord> durable_;  // intents by key
};

// Where a record stands when something happens to it.
enum class Moment { kBefore, kTorn, kUnsynced, kSynced };
std::string_view Name(Moment moment);

class SimulatedStore final : public RunStore {
 public:
  struct Outside {
    // Called at each moment of each record; may not return. OK, or why the store cannot do it.
    std::function<absl::Status(const Entry&, Moment)> at;
    // Whether the process that holds a lease still runs.
    std::function<bool(const LeaseHolder&)> runs;
  };
  SimulatedStore(Disk& disk, Outside outside) : disk_(disk), outside_(std::move(outside)) {}

  absl::StatusOr<std::int64_t> BeginRun(std::string_view organization,
                                        const RunRecord& run,
                                        const RunPapers& papers) override;
  absl::Status EndRun(std::string_view organization,
                      std::int64_t run,
                      absl::Time ended,
                      std::string_view outcome,
                      std::string_view text) override;
  absl::StatusOr<std::vector<RunRecord>> UnfinishedRuns(std::string_view organization) override;
  absl::StatusOr<std::int64_t> ConsumedBy(std::string_view organization,
                                          std::string_view single_use) override;
  absl::StatusOr<IntentRecord> RecordIntent(std::string_view organization,
                                            const IntentRecord& intent) override;
  absl::Status RecordResult(std::string_view organization, const ResultRecord& result) override;
  absl::StatusOr<std::vector<IntentRecord>> InDoubt(std::string_view organization,
                                                    std::int64_t run) override;
  absl::Status RecordEvidence(std::string_view organization,
                              const EvidenceRecord& evidence) override;
  absl::Status RecordEvent(std::string_view organization, const EventRow& event) override;
  absl::Status KeepHead(std::string_view organization) override;
  absl::StatusOr<Lease> AcquireLease(std::string_view organization,
                                     const LeaseHolder& holder,
                                     absl::Time now) override;
  absl::Status ReleaseLease(std::string_view organization, const Lease& lease) override;
  absl::StatusOr<LeaseBreak> BreakLease(std::string_view organization,
                                        const LeaseBreak& wanted,
                                        std::int64_t floor) override;

 private:
  LeaseStanding StandingOf(std::string_view organization) const;
  absl::Status Commit(Entry entry);
  absl::Status CheckToken(std::string_view organization, std::int64_t token) const;

  Disk& disk_;
  Outside outside_;
};

}  // namespace poolshift::simulation
