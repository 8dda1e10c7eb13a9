// SimulatedWorld: pretended platforms, store and clock in one thread, and a checker that sees
// everything. It carries out the effects of Step in virtual time and notes every promise that is
// broken.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/apply/run_state.h"
#include "controller/apply/step.h"

namespace poolshift {

// What goes wrong with one call.
enum class Fault {
  kNone,
  kRetryable,     // error before the effect, may be sent again
  kFinal,         // error before the effect
  kOutsider,      // somebody changes the target just before
  kFenced,        // a later controller was here
  kLostBefore,    // no effect, and the answer is lost
  kLostAfter,     // effect, and the answer is lost
  kSilentBefore,  // no effect, and no answer ever
  kSilentAfter,   // effect, and no answer ever
};

struct Script {
  std::function<Fault(int action, int attempt)> fault = [](int, int) { return Fault::kNone; };
  std::function<absl::Duration(int action)> latency = [](int) { return absl::Seconds(1); };
  // Whether a read (Observe, Lookup) or a record fails this time.
  std::function<bool()> read_fails = [] { return false; };
  std::function<bool()> record_fails = [] { return false; };
  // Whether the provider has ended by now and sees nothing any more.
  std::function<bool()> gone = [] { return false; };
  // Whether the provider knows what became of a change that it began.
  std::function<bool()> remembers = [] { return true; };
  std::function<absl::Duration()> look_takes = [] { return absl::Milliseconds(1); };
  // Gate by place: after how many looks its condition is true in the world; -1 = never.
  std::function<int(int action)> opens_after = [](int) { return 1; };
  // Whether the condition is, for this look of them (from 1), not true again.
  std::function<bool(int action, int look)> wavers = [](int, int) { return false; };
  std::vector<absl::Duration> cancels;  // after the beginning
};

class SimulatedWorld {
 public:
  SimulatedWorld(Plan plan, RunPolicy policy, Script script);

  // Runs to the end; the state as it ended.
  RunState Run();

  const std::vector<std::string>& broken_promises() const { return broken_; }
  // Every effect, with its time: two runs of one seed must agree byte for byte.
  const std::string& trace() const { return trace_; }
  const std::vector<int>& starts() const {
    return starts_;
  }  // actions in the order in which they started
  const std::vector<int>& calls() const { return calls_; }  // by action
  int most_at_once() const { return most_at_once_; }
  absl::Duration elapsed() const { return now_ - kBegin; }

 private:
  static constexpr absl::Time kBegin = absl::UnixEpoch();
  struct Pending {
    absl::Time at;
    std::int64_t sequence;
    Event event;
    bool operator<(const Pending& other) const {  // std::priority_queue has the greatest on top
      return at != other.at ? at > other.at : sequence > other.sequence;
    }
  };

  void Feed(const Event& event);
  void CarryOut(const effect::RecordIntent& effect);
  void CarryOut(const effect::RecordResult& effect);
  void CarryOut(const effect::RecordEvidence& effect);
  void CarryOut(const effect::Call& effect);
  void CarryOut(const effect::CancelCall& effect);
  void CarryOut(const effect::Lookup& effect);
  void CarryOut(const effect::Observe& effect);
  void CarryOut(const effect::Report& effect);
  void CarryOut(const effect::Finish& effect);

  void Later(absl::Duration delay, Event event);
  void Broken(const std::string& promise) { broken_.push_back(promise); }
  void CheckCall(const effect::Call& effect);
  void CheckFreshness(int i);
  void CheckStart(int i);
  void CheckEnd();
  Observation See(const ResourceId& id) const;
  Observation SeeForGate(int gate, const ObservationKey& key);
  int GateOn(const ResourceId& id) const;  // -1: none
  CallResult Effective(const effect::Call& effect, Fault fault);
  const Action& action(int i) const { return plan_->actions[static_cast<std::size_t>(i)]; }

  std::shared_ptr<const Plan> plan_;
  Script script_;
  RunState state_;
  absl::Time now_ = kBegin;
  absl::Time wake_ = absl::InfiniteFuture();
  std::int64_t sequence_ = 0;
  std::priority_queue<Pending> pending_;
  std::string trace_;

  std::map<ResourceId, Value> resources_;
  std::int64_t watermark_ = 0;
  std::map<std::string, CallResult> remembered_;  // the platform's own record of keys
  std::set<std::string> intents_;
  std::map<int, ActionEnd> results_;
  std::map<int, absl::Time> opened_;  // gate → when it was last seen as it wants
  std::vector<int> calls_, effects_, looks_, starts_;
  std::map<std::string, int> held_;  // lock → action
  std::map<std::string, int> at_provider_;
  int most_at_once_ = 0;
  bool failed_ = false;  // an end other than done has been seen
  bool finished_ = false;
  std::vector<std::string> broken_;
};

// A plan of `count` mutations: action i sets Thing/i from "off" to "on". `needs[i]` are places.
Plan PlanOf(const std::vector<std::vector<int>>& needs);
// Turns action i of `plan` into a gate on Thing/<i> (its state is "on" when the script says so).
void MakeGate(Plan& plan, int i);

}  // namespace poolshift
