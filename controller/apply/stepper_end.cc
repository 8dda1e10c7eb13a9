// Ending: of one action, and of the run.
#include <algorithm>

#include "absl/status/status.h"

#include "controller/apply/stepper.h"

namespace poolshift {
namespace {

std::string Named(const Action& action) { return action.id + " (" + action.title + ")"; }

}  // namespace

void Stepper::RecordEnd(int i, ActionEnd end, const std::string& text, RunEnd cause) {
  ActionProgress& mine = progress(i);
  Forget(i);  // a look that is still under way is of no matter any more
  mine.end = end;
  mine.text = text;
  const Ticket ticket = Await(i, Phase::kRecordingResult, absl::InfiniteDuration());
  effects_.list.push_back(effect::RecordResult{ticket, i, mine.key, end, text, mine.observation});
  // Not only once it is on record: nothing may start in between.
  if (end != ActionEnd::kDone)
    Stop(cause, Named(action(i)) + ' ' + std::string(Name(end)) + ": " + text);
}

void Stepper::RecordGate(int i, ActionEnd end, const std::string& text, RunEnd cause) {
  ActionProgress& mine = progress(i);
  Forget(i);  // a look that is still under way is of no matter any more
  mine.end = end;
  mine.text = text;
  const Ticket ticket = Await(i, Phase::kRecordingResult, absl::InfiniteDuration());
  effects_.list.push_back(effect::RecordEvidence{ticket, i, end, text, mine.gate.seen});
  if (end != ActionEnd::kDone)
    Stop(cause, Named(action(i)) + ' ' + std::string(Name(end)) + ": " + text);
}

void Stepper::OnResultRecorded(int i) {
  if (progress(i).phase != Phase::kRecordingEvidence)
    return End(i, progress(i).end, progress(i).text);
  if (stopping()) return RecordEnd(i, ActionEnd::kNotDone, state_.text);
  Call(i);
}

void Stepper::OnRecordFailed(int i, const absl::Status& status) {
  const std::string why = "could not be recorded: " + std::string(status.message());
  const RunEnd cause = absl::IsAborted(status) ? RunEnd::kFenced : RunEnd::kUnrecorded;
  if (progress(i).phase == Phase::kRecordingIntent) {
    return End(i, ActionEnd::kNotDone, "not begun, because the intent " + why, cause);
  }
  if (progress(i).phase == Phase::kRecordingEvidence) {
    const std::string text = "not called, because what it relies on " + why;
    // An earlier call is known to have had no effect, and its record should say so, if it can.
    if (progress(i).attempts > 0) return RecordEnd(i, ActionEnd::kNotDone, text, cause);
    return End(i, ActionEnd::kNotDone, text, cause);
  }
  // A gate has no effect to be in doubt about: without its evidence it did not open.
  const bool is_gate = action(i).gate.has_value();
  End(i,
      is_gate ? ActionEnd::kNotDone : ActionEnd::kInDoubt,
      std::string(Name(progress(i).end)) + ", but its result " + why,
      cause);
}

void Stepper::End(int i, ActionEnd end, const std::string& text, RunEnd cause) {
  Forget(i);
  ActionProgress& mine = progress(i);
  mine.phase = Phase::kEnded;
  mine.end = end;
  mine.text = text;
  mine.ended = now_;
  state_.running.erase(i);
  if (!action(i).gate.has_value() && !action(i).human) --state_.calls[action(i).provider];
  for (const std::string& lock : LocksOf(action(i)))
    state_.locks.erase(lock);
  for (const std::string& lock : action(i).locks)
    state_.lock_work[lock] -= Expected(action(i));
  Report(effect::Report::Kind::kEnded, i, text, end);
  if (end != ActionEnd::kDone) {
    return Stop(cause, Named(action(i)) + ' ' + std::string(Name(end)) + ": " + text);
  }
  if (!action(i).gate.has_value()) state_.touched.insert(action(i).target);
  for (const int next : (*state_.dependents)[static_cast<std::size_t>(i)]) {
    if (--progress(next).unmet == 0) MakeReady(next);
  }
}

void Stepper::Stop(RunEnd cause, const std::string& text) {
  if (stopping()) return;
  state_.end = cause;
  state_.text = text;
  const std::set<int> running = state_.running;
  for (const int i : running)
    GiveUpWaiting(i);
}

// What runs may finish; what only waits, or waits for a person, need not.
void Stepper::GiveUpWaiting(int i) {
  const ActionProgress& mine = progress(i);
  if (action(i).gate.has_value()) {
    if (mine.phase == Phase::kRecordingResult) return;
    return End(i, ActionEnd::kNotDone, "stopped waiting: " + state_.text);
  }
  if (action(i).human && mine.phase == Phase::kCalling) {
    effects_.list.push_back(effect::CancelCall{i, mine.key});
  }
  if (mine.phase == Phase::kLooking || mine.phase == Phase::kPausing)
    return RecordEnd(i, ActionEnd::kNotDone, "stopped waiting: " + state_.text);
  if (mine.phase != Phase::kBackingOff) return;
  SetWake(i, absl::InfiniteFuture());
  if (mine.resume == Phase::kCalling) return RecordEnd(i, ActionEnd::kFailed, mine.text);
  if (mine.resume == Phase::kRechecking) return End(i, ActionEnd::kNotDone, mine.text);
  // Asking what became of a lost answer goes on: it only reads, and the record should know.
  SetWake(i, now_);
}

// At the second request to stop. The intent stays on record, so the next run finds out what became
// of it.
void Stepper::Abandon(int i) {
  const ActionProgress& mine = progress(i);
  if (mine.phase == Phase::kCalling) effects_.list.push_back(effect::CancelCall{i, mine.key});
  if (mine.attempts == 0) return End(i, ActionEnd::kNotDone, state_.text);
  End(i, ActionEnd::kInDoubt, "not waited for; the next run finds out what became of it");
}

void Stepper::FinishIfIdle() {
  if (!state_.running.empty() || (!state_.ready.empty() && !stopping())) return;
  state_.ready.clear();
  ExplainNotStarted();
  const bool all_done = std::all_of(state_.actions.begin(),
                                    state_.actions.end(),
                                    [](const auto& each) { return each.end == ActionEnd::kDone; });
  if (all_done) {  // also when it was interrupted too late to matter
    state_.end = RunEnd::kDone;
    state_.text.clear();
  }
  state_.finished = true;
  effects_.list.push_back(effect::Finish{});
}

void Stepper::ExplainNotStarted() {
  for (int i = 0; i < static_cast<int>(state_.actions.size()); ++i) {
    ActionProgress& mine = progress(i);
    if (mine.phase != Phase::kEnded) {
      mine.phase = Phase::kEnded;
      mine.end = ActionEnd::kNotDone;
      if (mine.text.empty()) mine.text = "not started: " + state_.text;
    }
    if (mine.end == ActionEnd::kDone) continue;
    const std::string why =
        "not started: it needs " + Named(action(i)) + ", which is " + std::string(Name(mine.end));
    for (const int next : (*state_.dependents)[static_cast<std::size_t>(i)]) {
      if (progress(next).text.empty()) progress(next).text = why;
    }
  }
}

}  // namespace poolshift
