#include "controller/apply/step.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"

#include "controller/apply/stepper.h"

namespace poolshift {

RunState Step(RunState state, const Event& event, absl::Time now, Effects& effects) {
  Stepper stepper(state, now, effects);
  if (!state.finished) {
    stepper.Take(event);
    stepper.Advance();
  }
  const bool sleeps = state.finished || state.wakes.empty();
  effects.wake_at = sleeps ? absl::InfiniteFuture() : state.wakes.begin()->first;
  return state;
}

std::vector<std::string> LocksOf(const Action& action) {
  std::vector<std::string> locks = action.locks;
  if (!action.gate.has_value()) locks.push_back(ToString(action.target));
  return locks;
}

void Stepper::Take(const Event& event) {
  if (std::holds_alternative<event::Begin>(event)) return OnBegin();
  if (std::holds_alternative<event::Cancel>(event)) return OnCancel();
  if (std::holds_alternative<event::Tick>(event)) return;
  const Ticket ticket = std::visit(
      [](const auto& answer) -> Ticket {
        if constexpr (requires { answer.ticket; }) return answer.ticket;
        return 0;
      },
      event);
  const auto awaited = state_.awaited.find(ticket);
  if (awaited == state_.awaited.end()) return;  // too late: it has been decided without this answer
  const int i = awaited->second;
  if (const auto* looked = std::get_if<event::Observed>(&event);
      looked && progress(i).phase == Phase::kLooking) {
    return OnLooked(i, *looked);
  }
  Forget(i);
  if (const auto* intent = std::get_if<event::IntentRecorded>(&event))
    return OnIntentRecorded(i, *intent);
  if (std::holds_alternative<event::ResultRecorded>(event)) return OnResultRecorded(i);
  if (const auto* failed = std::get_if<event::RecordFailed>(&event))
    return OnRecordFailed(i, failed->status);
  if (const auto* call = std::get_if<event::CallEnded>(&event)) return OnCallEnded(i, call->result);
  if (const auto* lookup = std::get_if<event::LookupEnded>(&event))
    return OnLookupEnded(i, lookup->result);
  if (const auto* seen = std::get_if<event::Observed>(&event))
    return OnTargetObserved(i, seen->observations);
}

void Stepper::OnBegin() {
  for (int i = 0; i < static_cast<int>(state_.actions.size()); ++i) {
    if (progress(i).unmet == 0) MakeReady(i);
  }
}

void Stepper::OnCancel() {
  ++state_.cancels;
  if (state_.cancels == 1) return Stop(RunEnd::kInterrupted, "it was interrupted");
  const std::set<int> running = state_.running;
  for (const int i : running)
    Abandon(i);
}

void Stepper::Advance() {
  while (true) {
    StartReady();
    if (state_.wakes.empty() || state_.wakes.begin()->first > now_) break;
    const int i = state_.wakes.begin()->second;
    SetWake(i, absl::InfiniteFuture());
    OnWake(i);
  }
  FinishIfIdle();
}

void Stepper::OnWake(int i) {
  const absl::Status silence = absl::DeadlineExceededError("no answer by the deadline");
  switch (progress(i).phase) {
    case Phase::kCalling:
      Forget(i);
      return AnswerLost(i, "no answer by the deadline");
    case Phase::kLookingUp:
      Forget(i);
      return OnLookupEnded(i, silence);
    case Phase::kRechecking:
    case Phase::kSettling:
      Forget(i);
      return OnTargetObserved(i, silence);
    case Phase::kHolding:
    case Phase::kPausing:
      return now_ >= progress(i).gate.expires ? GateExpired(i) : Look(i);
    case Phase::kLooking:
      return now_ >= progress(i).gate.expires ? GateExpired(i) : LookOverdue(i);
    case Phase::kBackingOff:
      break;
    default:
      return;
  }
  switch (progress(i).resume) {
    case Phase::kCalling:
      return Call(i);
    case Phase::kLookingUp:
      return LookUp(i);
    default:
      return LookAtTarget(i, progress(i).resume);
  }
}

void Stepper::MakeReady(int i) {
  progress(i).phase = Phase::kReady;
  state_.ready.emplace(-(*state_.path)[static_cast<std::size_t>(i)], i);
}

bool Stepper::CanStart(int i) const {
  const Action& candidate = action(i);
  if (!candidate.gate.has_value() && !candidate.human) {
    const auto calls = state_.calls.find(candidate.provider);
    const auto own = policy().provider_limits.find(candidate.provider);
    const int limit = own == policy().provider_limits.end() ? policy().provider_limit : own->second;
    if (calls != state_.calls.end() && calls->second >= limit) return false;
  }
  const std::vector<std::string> locks = LocksOf(candidate);
  return std::none_of(locks.begin(), locks.end(), [this](const std::string& lock) {
    return state_.locks.contains(lock);
  });
}

void Stepper::StartReady() {
  for (auto next = state_.ready.begin(); next != state_.ready.end() && !stopping();) {
    const auto candidate = next++;
    const int i = candidate->second;
    if (!CanStart(i)) continue;
    state_.ready.erase(candidate);
    Start(i);
  }
}

void Stepper::Start(int i) {
  for (const std::string& lock : LocksOf(action(i)))
    state_.locks.insert(lock);
  state_.running.insert(i);
  progress(i).started = now_;
  Report(effect::Report::Kind::kStarted, i, "");
  if (action(i).gate.has_value()) return StartGate(i);
  if (!action(i).human) ++state_.calls[action(i).provider];
  if (state_.touched.contains(action(i).target)) return LookAtTarget(i, Phase::kRechecking);
  ProposeIntent(i, action(i).precondition_revision);
}

Ticket Stepper::Await(int i, Phase phase, absl::Duration deadline) {
  const Ticket ticket = ++state_.last_ticket;
  progress(i).phase = phase;
  progress(i).ticket = ticket;
  state_.awaited.emplace(ticket, i);
  SetWake(i, now_ + deadline + policy().grace);
  return ticket;
}

void Stepper::Forget(int i) {
  state_.awaited.erase(progress(i).ticket);
  progress(i).ticket = 0;
  for (const auto& [ticket, keys] : progress(i).gate.asked)
    state_.awaited.erase(ticket);
  progress(i).gate.asked.clear();
  SetWake(i, absl::InfiniteFuture());
}

void Stepper::SetWake(int i, absl::Time time) {
  state_.wakes.erase({progress(i).wake, i});
  progress(i).wake = time;
  if (time != absl::InfiniteFuture()) state_.wakes.emplace(time, i);
}

void Stepper::Report(effect::Report::Kind kind, int i, const std::string& text, ActionEnd end) {
  effects_.list.push_back(effect::Report{kind, i, end, text});
}

}  // namespace poolshift
