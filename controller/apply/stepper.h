// Stepper: the moves of Step (step.h), with the state, the time and the effects at hand. Lives for
// one event. step.cc dispatches; stepper_call.cc carries mutations through, stepper_gate.cc gates,
// stepper_end.cc ends things.
#pragma once

#include <string>

#include "absl/time/time.h"

#include "controller/apply/effect.h"
#include "controller/apply/event.h"
#include "controller/apply/run_state.h"

namespace poolshift {

class Stepper {
 public:
  Stepper(RunState& state, absl::Time now, Effects& effects)
      : state_(state), now_(now), effects_(effects) {}

  void Take(const Event& event);
  // Carries out what is due and starts what can start, until nothing more moves.
  void Advance();

 private:
  // What happened. `i` is a place in Plan::actions.
  void OnBegin();
  void OnCancel();
  void OnIntentRecorded(int i, const event::IntentRecorded& event);
  void OnResultRecorded(int i);
  void OnRecordFailed(int i, const absl::Status& status);
  void OnCallEnded(int i, const CallResult& result);
  void OnLookupEnded(int i, const absl::StatusOr<CallResult>& result);
  void OnTargetObserved(int i, const absl::StatusOr<std::vector<Observation>>& seen);
  void OnLooked(int i, const event::Observed& event);
  void OnWake(int i);

  // Starting.
  void StartReady();
  bool CanStart(int i) const;
  void Start(int i);
  void MakeReady(int i);

  // A mutation on its way.
  void LookAtTarget(int i, Phase phase);
  void ProposeIntent(int i, const std::string& precondition_revision);
  void Call(int i);
  void LookUp(int i);
  void AnswerLost(int i, const std::string& why);
  void Rechecked(int i, const Observation& seen);
  void Settled(int i, const Observation& seen);
  // Waits and then goes to `resume`. False when the attempts are used up.
  bool TryAgainLater(int i, Phase resume, int& attempts, int limit, const std::string& why);

  // A gate on its way.
  void StartGate(int i);
  void Look(int i);
  void LookOverdue(int i);
  void LookEnded(int i);
  void GateExpired(int i);
  std::string Lagging(int i) const;
  // The gates that it looks at: itself, or, of a change, those that it relies on and that are
  // stale.
  std::vector<int> LookedAt(int i) const;
  // Of one of those, by what `i` has seen: enough holds; only what nobody can look at any more is
  // missing, so that waiting changes nothing.
  bool IsOpen(int i, int gate) const;
  bool IsHopeless(int i, int gate) const;
  void Pause(int i, absl::Duration interval);  // until the next look

  // A change whose gates have seen what they saw too long ago (stepper_evidence.cc).
  std::vector<int> StaleGates(int i) const;
  void LookAgain(int i, std::vector<int> stale);
  void LookedAgain(int i);
  void NoLongerSo(int i, const std::string& why);

  // Ending.
  void RecordEnd(int i, ActionEnd end, const std::string& text, RunEnd cause = RunEnd::kFailed);
  void RecordGate(int i, ActionEnd end, const std::string& text, RunEnd cause = RunEnd::kFailed);
  void End(int i, ActionEnd end, const std::string& text, RunEnd cause = RunEnd::kFailed);
  void Stop(RunEnd cause, const std::string& text);
  void GiveUpWaiting(int i);
  void Abandon(int i);
  void FinishIfIdle();
  void ExplainNotStarted();

  // Bookkeeping.
  Ticket Await(int i, Phase phase, absl::Duration deadline);
  void Forget(int i);  // awaits nothing any more
  void SetWake(int i, absl::Time time);
  void Report(effect::Report::Kind kind,
              int i,
              const std::string& text,
              ActionEnd end = ActionEnd::kDone);
  bool stopping() const { return state_.end != RunEnd::kNone; }
  const Action& action(int i) const { return state_.plan->actions[static_cast<std::size_t>(i)]; }
  ActionProgress& progress(int i) { return state_.actions[static_cast<std::size_t>(i)]; }
  const ActionProgress& progress(int i) const {
    return state_.actions[static_cast<std::size_t>(i)];
  }
  const RunPolicy& policy() const { return *state_.policy; }

  RunState& state_;
  absl::Time now_;
  Effects& effects_;
};

// The locks of an action; the target of a mutation is one of them.
std::vector<std::string> LocksOf(const Action& action);

}  // namespace poolshift
