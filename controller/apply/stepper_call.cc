// A mutation on its way: recheck → intent → (look again at what it relies on) → call → (lookup →
// look at the target) → result.
#include <algorithm>

#include "absl/status/status.h"

#include "controller/apply/action_key.h"
#include "controller/apply/settlement.h"
#include "controller/apply/stepper.h"
#include "controller/model/covers.h"
#include "controller/model/gone.h"

namespace poolshift {
namespace {

constexpr std::string_view kWorldChanged = "the world changed: ";

}  // namespace

void Stepper::LookAtTarget(int i, Phase phase) {
  const Ticket ticket = Await(i, phase, policy().read_deadline);
  effects_.list.push_back(effect::Observe{
      ticket, i, action(i).provider, {{action(i).target, ""}}, policy().read_deadline});
}

void Stepper::OnTargetObserved(int i, const absl::StatusOr<std::vector<Observation>>& seen) {
  Observation observation;
  // Nobody is left to ask again.
  if (IsGone(seen.status())) progress(i).settle_attempts = policy().settle_attempts;
  if (!seen.ok()) {
    observation.reason = std::string(seen.status().message());
  } else if (seen->size() != 1) {
    observation.reason =
        "the provider gave " + std::to_string(seen->size()) + " answers to one question";
  } else {
    observation = seen->front();
  }
  if (progress(i).phase == Phase::kRechecking) return Rechecked(i, observation);
  Settled(i, observation);
}

// Before a second change to the same target in one run: the revision that the plan knew is no
// longer current.
void Stepper::Rechecked(int i, const Observation& seen) {
  if (stopping()) return End(i, ActionEnd::kNotDone, state_.text);
  ActionProgress& mine = progress(i);
  if (seen.presence == Presence::kUnreachable) {
    ++mine.settle_attempts;
    const std::string why = Describe(action(i), seen);
    if (TryAgainLater(i, Phase::kRechecking, mine.settle_attempts, policy().settle_attempts, why))
      return;
    return End(i, ActionEnd::kFailed, why);
  }
  if (!Shows(seen, action(i).before)) {
    return End(i,
               ActionEnd::kFailed,
               std::string(kWorldChanged) + ToString(action(i).target) + " is " +
                   Describe(action(i), seen) + ", the plan expected " +
                   DisplayText(action(i).before),
               RunEnd::kConflict);
  }
  mine.settle_attempts = 0;
  ProposeIntent(i, seen.revision);
}

void Stepper::ProposeIntent(int i, const std::string& precondition_revision) {
  ActionProgress& mine = progress(i);
  mine.precondition_revision = precondition_revision;
  mine.key = ActionKey(state_.plan->organization, action(i), precondition_revision);
  const Ticket ticket = Await(i, Phase::kRecordingIntent, absl::InfiniteDuration());
  effects_.list.push_back(effect::RecordIntent{ticket, i, mine.key});
}

void Stepper::OnIntentRecorded(int i, const event::IntentRecorded& event) {
  progress(i).key = event.key;
  if (stopping()) return RecordEnd(i, ActionEnd::kNotDone, state_.text);
  Call(i);
}

void Stepper::Call(int i) {
  if (std::vector<int> stale = StaleGates(i); !stale.empty()) return LookAgain(i, std::move(stale));
  ActionProgress& mine = progress(i);
  mine.gate = {};
  ++mine.attempts;
  const absl::Duration deadline = action(i).human
                                      ? std::max(policy().human_deadline, action(i).duration * 4)
                                      : std::max(policy().call_deadline, action(i).duration * 4);
  const Ticket ticket = Await(i, Phase::kCalling, deadline);
  effects_.list.push_back(effect::Call{ticket, i, mine.key, mine.precondition_revision, deadline});
}

void Stepper::OnCallEnded(int i, const CallResult& result) {
  ActionProgress& mine = progress(i);
  const std::string message(result.status.message());
  if (result.effect_unknown) return AnswerLost(i, message);
  switch (result.status.code()) {
    case absl::StatusCode::kOk:
      mine.observation = result.observation;
      return RecordEnd(i, ActionEnd::kDone, "");
    case absl::StatusCode::kFailedPrecondition:
      return RecordEnd(
          i, ActionEnd::kFailed, std::string(kWorldChanged) + message, RunEnd::kConflict);
    case absl::StatusCode::kAborted:
      return RecordEnd(i, ActionEnd::kFailed, "fenced: " + message, RunEnd::kFenced);
    case absl::StatusCode::kCancelled:
      return RecordEnd(i, ActionEnd::kNotDone, message);
    default:
      break;
  }
  if (result.retryable && !stopping() &&
      TryAgainLater(i, Phase::kCalling, mine.attempts, policy().attempts, message)) {
    return;
  }
  const std::string tries =
      mine.attempts > 1 ? " (tried " + std::to_string(mine.attempts) + " times)" : "";
  RecordEnd(i, ActionEnd::kFailed, message + tries);
}

void Stepper::AnswerLost(int i, const std::string& why) {
  progress(i).settle_attempts = 0;
  Report(effect::Report::Kind::kRemark,
         i,
         "the answer was lost (" + why + "); finding out what became of it");
  LookUp(i);
}

void Stepper::LookUp(int i) {
  const Ticket ticket = Await(i, Phase::kLookingUp, policy().read_deadline);
  effects_.list.push_back(effect::Lookup{ticket, i, progress(i).key, policy().read_deadline});
}

void Stepper::OnLookupEnded(int i, const absl::StatusOr<CallResult>& result) {
  ActionProgress& mine = progress(i);
  if (result.ok() && !result->effect_unknown) return OnCallEnded(i, *result);
  if (absl::IsNotFound(result.status())) {
    mine.settle_attempts = 0;
    return LookAtTarget(i, Phase::kSettling);
  }
  // What runs no more may still take effect for a while, so there is no hurry either.
  const bool runs = result.ok() && result->retryable;
  const std::string why =
      runs ? "it still runs"
           : std::string((result.ok() ? result->status : result.status()).message());
  mine.settle_attempts =
      IsGone(result.status()) ? policy().settle_attempts : mine.settle_attempts + 1;
  if (TryAgainLater(i, Phase::kLookingUp, mine.settle_attempts, policy().settle_attempts, why))
    return;
  if (runs) return End(i, ActionEnd::kInDoubt, "the provider says that it still runs");
  mine.settle_attempts = 0;
  LookAtTarget(i, Phase::kSettling);
}

void Stepper::Settled(int i, const Observation& seen) {
  ActionProgress& mine = progress(i);
  const std::string shows = ToString(action(i).target) + " is " + Describe(action(i), seen);
  switch (Judge(action(i), seen)) {
    case Verdict::kUnknown:
      ++mine.settle_attempts;
      if (TryAgainLater(i, Phase::kSettling, mine.settle_attempts, policy().settle_attempts, shows))
        return;
      return End(i, ActionEnd::kInDoubt, "the answer was lost, and " + Describe(action(i), seen));
    case Verdict::kDone:
      mine.observation = seen;
      Report(effect::Report::Kind::kRemark, i, "it was done: " + shows);
      return RecordEnd(i, ActionEnd::kDone, "");
    case Verdict::kElsewhere:
      return RecordEnd(
          i, ActionEnd::kFailed, std::string(kWorldChanged) + shows, RunEnd::kConflict);
    case Verdict::kNotBegun:
      break;
  }
  if (stopping())
    return RecordEnd(i, ActionEnd::kNotDone, "the answer was lost, without effect: " + shows);
  if (mine.called_again) {
    return RecordEnd(i, ActionEnd::kFailed, "the answer was lost twice, without effect: " + shows);
  }
  mine.called_again = true;
  Report(effect::Report::Kind::kRemark,
         i,
         "it had no effect (" + shows + "); calling once more under the same key");
  Call(i);
}

bool Stepper::TryAgainLater(int i, Phase resume, int& attempts, int limit, const std::string& why) {
  if (attempts >= limit) return false;
  ActionProgress& mine = progress(i);
  const absl::Duration wait =
      WaitAfter(policy().backoff, i * 8 + static_cast<int>(resume), attempts);
  mine.phase = Phase::kBackingOff;
  mine.resume = resume;
  mine.text = why;
  SetWake(i, now_ + wait);
  Report(
      effect::Report::Kind::kRemark,
      i,
      why + "; trying again in " + absl::FormatDuration(absl::Trunc(wait, absl::Milliseconds(1))));
  return true;
}

}  // namespace poolshift
