// RunState: everything that the executor knows about one run of one plan. A value: it is handed to
// Step and comes back changed; copying it forks the run. docs/lifecycle-of-an-apply.md tells the
// story.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/apply/backoff.h"
#include "controller/apply/effect.h"
#include "controller/model/plan.h"

namespace poolshift {

// How the texts begin by which a run says that a gate stopped it: of the gate, and of a change that
// looked at it once more.
inline constexpr std::string_view kDidNotOpen = "did not open within ";
inline constexpr std::string_view kNoLongerSo = "what it relies on is no longer so: ";

struct RunPolicy {
  // Calls at a time to one provider, and to those that have a limit of their own; what people carry
  // out is not counted.
  int provider_limit = 8;
  std::map<std::string, int> provider_limits = {};
  int attempts = 5;         // calls of one action, retries included
  int settle_attempts = 5;  // lookups, and looks, at what became of one lost answer
  Backoff backoff;
  absl::Duration call_deadline = absl::Minutes(2);  // or four times the estimate, if that is longer
  absl::Duration human_deadline = absl::Hours(12);
  absl::Duration read_deadline = absl::Seconds(30);  // Observe and Lookup
  absl::Duration grace = absl::Seconds(10);  // after a deadline, before the answer counts as lost
  // Who observes a key of a gate; a key that is not here is asked of the gate's own provider.
  std::map<ObservationKey, std::string> observers;
};

enum class RunEnd {
  kNone,         // still running
  kDone,         // every action is done
  kFailed,       // an action failed
  kGateTimeout,  // a gate did not open in time
  kConflict,     // a compare-and-set failed: the world is no longer what the plan was made for
  kFenced,       // a later controller has taken over
  kUnrecorded,   // the store could not record: no record, no write
  kInterrupted,  // asked to stop
};

enum class Phase {
  kWaiting,     // for what it needs
  kReady,       // for a lock, or a place at its provider
  kRechecking,  // looking at its target, which an earlier action of this run changed
  kRecordingIntent,
  kCalling,
  kLookingUp,   // the answer was lost: asking under the same key
  kSettling,    // then looking at the target
  kBackingOff,  // before the phase in `resume`
  kRecordingResult,
  kHolding,            // gate: the wait of known length
  kLooking,            // gate: a look is under way; change: at what it relies on, once more
  kPausing,            // between looks
  kRecordingEvidence,  // change: what it relies on was seen once more
  kEnded,
};

// What a gate has seen.
struct GateProgress {
  absl::Time expires = absl::InfiniteFuture();
  std::vector<std::int64_t> produced;  // by expectation: what kAtLeastProduced compares with
  std::map<Ticket, std::vector<ObservationKey>> asked;  // parts of the look under way
  std::map<ObservationKey, Observation> seen;           // by the latest look
  std::set<ObservationKey> gone;                        // whose provider answers no more
  std::string lagging;                                  // as last reported
  int streak = 0;                                       // looks in a row in which the quorum held
  int looks = 0;                                        // finished
  absl::Time looked = absl::InfinitePast();             // when the latest look began
  absl::Time proved = absl::InfinitePast();             // when the last look began that held
};

struct ActionProgress {
  Phase phase = Phase::kWaiting;
  Phase resume = Phase::kWaiting;       // when backing off
  ActionEnd end = ActionEnd::kNotDone;  // when ended or recording the result
  std::string text;                     // why it ended so
  int unmet = 0;                        // needs that are not done
  Ticket ticket = 0;                    // of the awaited answer, 0 = none
  absl::Time wake = absl::InfiniteFuture();
  absl::Time started = absl::InfinitePast();
  absl::Time ended = absl::InfinitePast();
  int attempts = 0;  // calls
  int settle_attempts = 0;
  bool called_again = false;  // after a lost answer without effect; at most once
  std::string key;
  std::string precondition_revision;
  Observation observation;  // after the action
  GateProgress gate;
  std::vector<int> stale;  // change: gates whose evidence has become too old, looked at in `gate`
};

struct RunState {
  std::shared_ptr<const Plan> plan;
  std::shared_ptr<const RunPolicy> policy;
  // Derived from the plan once:
  std::shared_ptr<const std::map<ActionId, int>> places;  // in Plan::actions
  std::shared_ptr<const std::vector<std::vector<int>>> dependents;
  std::shared_ptr<const std::vector<absl::Duration>>
      path;  // longest expected time from its start to the run's end

  std::vector<ActionProgress> actions;
  std::set<std::pair<absl::Duration, int>> ready;  // (-path, action): the most urgent first
  std::set<std::pair<absl::Time, int>> wakes;
  std::map<Ticket, int> awaited;
  std::map<std::string, int> calls;                 // by provider, under way
  std::set<std::string> locks;                      // held
  std::set<ResourceId> touched;                     // targets that this run has changed
  std::map<std::string, absl::Duration> lock_work;  // expected work left under each lock
  Ticket last_ticket = 0;
  std::set<int> running;  // started and not ended
  int cancels = 0;
  bool finished = false;
  RunEnd end = RunEnd::kNone;  // why it stops; set before `finished` when it is stopping
  std::string text;            // the same for people
};

// InvalidArgument when the plan cannot be run: refusals, an action before one that it needs, a name
// used twice, a gate without its conditions. The first event must be Begin.
absl::StatusOr<RunState> StartRun(std::shared_ptr<const Plan> plan, RunPolicy policy);

// Expected time to the end: the longest chain of what runs and waits, or the most work under one
// lock.
absl::Duration Remaining(const RunState& state, absl::Time now);

// The expected length of one action: a gate lasts at least its wait of known length.
absl::Duration Expected(const Action& action);

}  // namespace poolshift
