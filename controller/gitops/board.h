// Board: what `poolshift serve` knows, for everybody who asks: the control API, the page, the
// metrics. The loop puts a new snapshot up, readers take the newest; nobody waits for the loop.
//
// Thread-safe. Snapshots are shared and never changed.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/federation/organization.h"
#include "controller/gitops/provider_health.h"
#include "controller/gitops/run_progress.h"
#include "controller/model/plan.h"
#include "controller/policy/automation.h"
#include "controller/report/drift_history.h"
#include "controller/report/drift_report.h"
#include "controller/report/drill_changes.h"
#include "controller/report/history_report.h"

namespace poolshift {

// What became of one look. Everything that is not known is empty.
struct Snapshot {
  std::uint64_t round = 0;  // counts looks
  std::string source;       // DeclarationSource::Description()
  // The declaration in force.
  std::string commit, title, author, identity;
  absl::Time committed = absl::InfinitePast();
  std::shared_ptr<const Organization> organization;

  // Why not all is well with the declaration: a newer commit that is not trusted, one with faults,
  // a repository that does not answer.
  std::string refused, faults, unreachable;
  std::string refused_commit;  // the newer one that is refused or has faults, where known
  std::string error;           // why the last look saw nothing; the rest is then of an earlier look

  absl::Time looked_at = absl::InfinitePast();      // at the world
  absl::Duration look_took = absl::ZeroDuration();  // with planning; of the last that saw something
  std::map<std::string, ProviderHealth> providers;  // by name
  absl::Time next_look = absl::InfiniteFuture();
  std::shared_ptr<const DriftReport> drift;
  std::vector<DriftPast> past;  // differences on record, those that were seen last first; not all
  std::shared_ptr<const Plan> plan;
  std::string digest;                            // PlanDigest(*plan)
  absl::Time planned_at = absl::InfinitePast();  // when this digest was planned first
  Cause cause;
  Ruling ruling;
  Voices voices;
  // The last drill, where the policy wants any, and what it changed against the one before.
  std::shared_ptr<const DrillReport> drill;
  std::shared_ptr<const DrillChanges> drill_changes;
  std::string settled_commit;  // the organisation was last seen as declared in it
  absl::Time settled_at = absl::InfinitePast();

  bool running = false;  // a plan is being carried out
  // How far it is; of the last run, when none is under way; null when there was none since the
  // start.
  std::shared_ptr<const RunProgress> progress;
  std::vector<RunEntry> runs;  // newest first
};

// One line of a run, as `apply --json` prints it.
struct RunLine {
  std::uint64_t number = 0;  // from 1, over all runs
  std::string json;
};

// Notifications since the start, or since the declaration last changed who is told.
struct ToldCount {
  std::size_t waiting = 0;
  std::int64_t delivered = 0, dropped = 0, failed = 0;
};

class Board {
 public:
  // Never null.
  std::shared_ptr<const Snapshot> Current() const;
  void Put(std::shared_ptr<const Snapshot> snapshot);

  void Say(std::string json);
  // Lines after `number`, oldest first; waits up to `patience` for the first. Older lines than the
  // newest ten thousand, or than the newest 8 MiB of them, are forgotten.
  std::vector<RunLine> LinesAfter(std::uint64_t number, absl::Duration patience) const;

  void Count(const ToldCount& told);
  ToldCount told() const;

  // Asks the loop to look now.
  void Wake();
  void Stop();
  bool stopped() const;
  // Until then, or until woken or stopped. `patience` may be infinite.
  void WaitFor(absl::Duration patience);
  // Waits until another snapshot than that of `round` is up, or `patience` has passed.
  std::shared_ptr<const Snapshot> After(std::uint64_t round, absl::Duration patience) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::shared_ptr<const Snapshot> current_ = std::make_shared<Snapshot>();
  std::deque<RunLine> lines_;
  std::size_t bytes_ = 0;  // of all lines
  std::uint64_t last_line_ = 0;
  ToldCount told_;
  bool woken_ = false, stopped_ = false;
};

}  // namespace poolshift
