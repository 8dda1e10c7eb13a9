// RunPlan: carries a plan out over real providers and the store. It takes the lease, settles what
// an earlier run left in doubt, checks that the world has not moved, and then drives the step
// function (controller/apply/step.h) with threads and clocks until the run has ended.
// docs/lifecycle-of-an-apply.md tells the whole story.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "controller/apply/outlook.h"
#include "controller/apply/run_state.h"
#include "controller/engine/errands.h"
#include "controller/engine/exporting.h"
#include "controller/federation/organization.h"
#include "controller/model/plan.h"
#include "controller/provider/provider.h"
#include "controller/store/run_store.h"
#include "controller/wire/inputs.h"
#include "controller/world/clock.h"
#include "controller/world/files.h"

namespace poolshift {

// Counts requests to stop. Raise() may be called from a signal handler. The first: start nothing
// more, let what runs finish. The second: wait for nothing more.
class Interruption {
 public:
  void Raise() { requests_.fetch_add(1, std::memory_order_relaxed); }
  int requests() const { return requests_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int> requests_{0};
};

struct RunOptions {
  std::string organization;  // for which the providers were started: the plan must be of the same
  LeaseHolder holder;        // ThisProcess("alice")
  std::set<std::string> approvals;  // "KIND/NAME" or action ids, from --approve
  Policy policy;                    // limits and windows
  std::string override_reason;      // from --override; recorded
  std::string single_use;    // PlanFile::identity of a saved plan; "" for a plan that was just made
  std::string commit;        // of the manifests; recorded
  std::string goal;          // GoalDigest() of the declaration; recorded
  std::string consent;       // how a person agreed; recorded
  std::string program;       // that planned; recorded
  std::int64_t follows = 0;  // the run that this one goes on from; recorded
  std::string follows_as;    // "resumes", "backs out"
  std::optional<PlanInputs> inputs;  // what the plan was made from; recorded
  Exporters exporters;               // who saves before the first write to the central store
  std::string export_directory;      // where: a folder for each run is made in it
  std::map<std::string, std::string> provider_digests;  // recorded
  RunPolicy executor;                                   // places, attempts, deadlines, seed
  absl::Duration settle_patience = absl::Minutes(2);    // for one intent of an earlier run
  Clock* clock = nullptr;                               // borrowed; null = the real one
};

// Told what happens, from the thread that called RunPlan. `remaining` is the expected time to the
// end.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  // About the run as a whole: a lease taken over, an earlier run settled.
  virtual void Remark(std::string_view) {}
  virtual void RunStarted(std::int64_t /*run*/, absl::Duration /*remaining*/) {}
  virtual void ActionStarted(const Action&, absl::Duration /*remaining*/) {}
  // A line of the provider's, or of the executor's (a retry, a lost answer).
  virtual void ActionProgress(const Action&, std::string_view /*line*/) {}
  virtual void GateWaiting(const Action&,
                           std::string_view /*lagging*/,
                           absl::Duration /*remaining*/) {}
  virtual void ActionEnded(const Action&,
                           ActionEnd,
                           std::string_view /*why*/,
                           absl::Duration /*remaining*/) {}
  // Once a second or so, whatever happens.
  virtual void Pulse(const Outlook&) {}
};

struct ActionOutcome {
  ActionId id;
  ActionEnd end = ActionEnd::kNotDone;
  std::string text;                           // why, unless done
  absl::Time started = absl::InfinitePast();  // InfinitePast: never
  absl::Time ended = absl::InfinitePast();
};

struct RunOutcome {
  enum class Code {
    kDone,
    kError,
    kRefused,   // by a rule, the policy, or for want of an approval: see `refusals`
    kStale,     // the world is no longer what the plan was made for
    kConsumed,  // this saved plan was used before
    kFenced,    // another controller has taken over
    kGateTimeout,
    kInterrupted,
  };
  Code code = Code::kError;
  std::string text;                    // what, where, what to do next; "" when done
  std::int64_t run = 0;                // on record; 0 when it never began
  std::vector<ActionOutcome> actions;  // in the plan's order; empty when it never began
  std::vector<Refusal> refusals;
  // Provider calls that were not waited for and still run: the providers must outlive them, so a
  // program that sees this ends without destroying them.
  int calls_left = 0;

  // architecture: 0 done, 1 error, 12 refused, 13 stale, consumed or fenced, 14 gate timed out, 130
  // interrupted.
  int ExitStatus() const;
};

// Everything that a run needs of the outside. Borrowed.
struct RunContext {
  const std::map<std::string, Provider*>& providers;  // by manifest name
  RunStore& store;
  RunObserver& observer;
  const Interruption& interruption;
  Errands* errands = nullptr;  // null = threads
  Files* files = nullptr;      // for exports; null = the real ones
};

// "done", "failed", "refused", "stale", … as on record.
std::string_view Name(RunOutcome::Code code);
// How a run ended that a later one found without an end, and closed.
inline constexpr std::string_view kCutOff = "cut off";

RunOutcome RunPlan(const Plan& plan, const RunOptions& options, const RunContext& context);

// Finds out what became of every intent that earlier runs left in doubt, records it, and closes
// those runs; changes nothing else. RunPlan does so first; whoever plans anew after a crash calls
// it before planning. Needs the lease. Unavailable when it cannot be found out: then nothing may be
// written.
absl::Status SettleEarlierRuns(std::string_view organization,
                               const RunOptions& options,
                               const RunContext& context);

// The same for whoever holds no lease, before planning: takes it when a run is unfinished, and
// gives it back. FailedPrecondition while another controller holds it.
absl::Status SettleBeforePlanning(const RunOptions& options, const RunContext& context);

}  // namespace poolshift
