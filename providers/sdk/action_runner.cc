#include "providers/sdk/action_runner.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/time/clock.h"

#include "controller/model/covers.h"
#include "controller/model/try.h"
#include "controller/wire/provider_messages.h"
#include "providers/sdk/results.h"

namespace poolshift::sdk {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(100);  // between looks at what may still come

bool HoldsPrecondition(const Action& action, const Observation& now) {
  if (now.presence == Presence::kUnreachable) return false;
  return now.revision == action.precondition_revision;  // both empty: it must be absent, and is
}

Result Conflict(const Action& action, const Observation& now) {
  const std::string found =
      now.presence == Presence::kAbsent ? "it is absent" : "its content is different";
  return NotDone(Outcome::kConflict,
                 ToString(action.target) + " is not as the plan saw it: " + found +
                     " now; nothing was changed, plan again");
}

Result Unseen(const Action& action, const std::string& why) {
  return NotDone(Outcome::kFailed,
                 ToString(action.target) + " could not be looked at before the change (" + why +
                     "); nothing was changed, try again",
                 true);
}

}  // namespace

// One action at a time on a resource, and one call at a time under a key.
class ActionRunner::Turn {
 public:
  Turn(ActionRunner& runner, const Order& order, CancellableCall& call)
      : runner_(runner), order_(order) {
    std::unique_lock lock(runner_.mutex_);
    if (!runner_.running_.emplace(order_.key, &call).second) return;
    mine_ = true;
    while (runner_.busy_.count(order_.action.target) != 0) {
      if (call.cancelled() || absl::Now() > call.deadline()) return;
      runner_.turn_ended_.wait_for(lock, std::chrono::milliseconds(50));
    }
    runner_.busy_.insert(order_.action.target);
    has_target_ = true;
  }
  ~Turn() {
    {
      const std::lock_guard lock(runner_.mutex_);
      if (mine_) runner_.running_.erase(order_.key);
      if (has_target_) runner_.busy_.erase(order_.action.target);
    }
    runner_.turn_ended_.notify_all();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  bool is_repeated() const { return !mine_; }
  bool has_target() const { return has_target_; }

 private:
  ActionRunner& runner_;
  const Order& order_;
  bool mine_ = false;
  bool has_target_ = false;
};

Result ActionRunner::Run(const Order& order, CancellableCall& call) {
  const absl::Status admitted = witness_.Admits(order.action);
  if (absl::IsUnimplemented(admitted)) {
    return NotDone(Outcome::kUnsupported,
                   std::string(admitted.message()) + "; nothing was changed");
  }
  if (order.key.empty()) {
    return NotDone(Outcome::kFailed, "the request has no idempotency key; nothing was changed");
  }
  const Turn turn(*this, order, call);
  if (turn.is_repeated()) {
    return NotDone(
        Outcome::kEffectUnknown, "this key is being carried out right now; look it up later", true);
  }
  if (!turn.has_target()) {
    return NotDone(Outcome::kCancelled,
                   "another action on " + ToString(order.action.target) +
                       " did not end in time; nothing was changed",
                   true);
  }
  return RunInTurn(order, call);
}

Result ActionRunner::RunInTurn(const Order& order, CancellableCall& call) {
  const absl::Status admitted = ledger_.Admit(order.token);
  if (absl::IsAborted(admitted)) {
    return NotDone(Outcome::kFenced, std::string(admitted.message()) + "; nothing was changed");
  }
  if (!admitted.ok()) return NotDone(Outcome::kFailed, std::string(admitted.message()));
  const auto record = ledger_.Find(order.key);
  if (!record.ok()) return NotDone(Outcome::kFailed, std::string(record.status().message()));

  const auto now = witness_.Look(order.action.target, call.deadline());
  const bool seen = now.ok() && now->presence != Presence::kUnreachable;
  if (record->has_value()) {
    // Unseen, an old answer stands: it says what was, and the controller looks for itself.
    if (auto answer = Answer(order, **record, seen ? *now : Observation{}, call.deadline()))
      return *std::move(answer);
  }
  // After the record: what an earlier version of the program began under this key is not denied.
  if (const absl::Status fits = witness_.Admits(order.action); !fits.ok()) {
    return NotDone(Outcome::kFailed, std::string(fits.message()) + "; nothing was changed");
  }
  if (!now.ok()) return Unseen(order.action, std::string(now.status().message()));
  if (!seen) return Unseen(order.action, now->reason);
  if (!HoldsPrecondition(order.action, *now)) {
    const Result conflict = Conflict(order.action, *now);
    return conflict;
  }
  if (call.cancelled()) {
    return NotDone(Outcome::kCancelled, "cancelled before it began; nothing was changed");
  }
  return CarryOut(order, call);
}

std::optional<Result> ActionRunner::Answer(const Order& order,
                                           const Record& record,
                                           const Observation& now,
                                           absl::Time deadline) {
  if (!record.has_result()) return Settle(order.key, order.action, now, deadline);
  auto earlier = DecodeResult(record.result());
  if (!earlier.ok()) return Settle(order.key, order.action, now, deadline);
  if (earlier->outcome == Outcome::kEffectUnknown)
    return Settle(order.key, order.action, now, deadline);
  if (ChangedNothing(earlier->outcome)) return std::nullopt;
  // Keys are made from content, so a later run may want the same change again after it was undone:
  // it comes with a greater token, and the resource does not show the change. It is new work, or a
  // conflict. Anything else is the same request repeated.
  const bool is_repeated = order.token <= record.token() || Shows(now, order.action.after);
  if (is_repeated) return *std::move(earlier);
  return std::nullopt;
}

std::optional<Result> ActionRunner::Settle(const std::string& key,
                                           const Action& action,
                                           const Observation& now,
                                           absl::Time deadline) {
  // What the service remembers of the key is believed as its Apply is: when the target shows it.
  if (auto known = service_.Lookup(key)) return Confirm(action, *std::move(known), deadline);
  if (Shows(now, action.after)) {
    Result done;
    done.outcome = Outcome::kDone;
    done.observation = now;
    return done;
  }
  if (HoldsPrecondition(action, now)) return std::nullopt;
  if (now.presence == Presence::kUnreachable) {
    return NotDone(Outcome::kEffectUnknown,
                   "it was begun earlier and interrupted, and " + ToString(action.target) +
                       " could not be looked at (" + now.reason + "); look it up later");
  }
  return NotDone(Outcome::kEffectUnknown,
                 "it was begun earlier and interrupted, and " + ToString(action.target) +
                     " is now neither as before nor as wanted; look at it and plan again");
}

Result ActionRunner::CarryOut(const Order& order, CancellableCall& call) {
  const absl::Status begun = Note(order, nullptr);
  if (!begun.ok()) {
    return NotDone(Outcome::kFailed, std::string(begun.message()) + "; nothing was changed");
  }
  Result result = service_.Apply(order.action, order.key, order.token, call);
  result = Confirm(order.action, std::move(result), call.deadline());
  const absl::Status noted = Note(order, &result);
  if (!noted.ok())
    call.Progress("the result could not be written down: " + std::string(noted.message()));
  return result;
}

Result ActionRunner::Confirm(const Action& action, Result result, absl::Time deadline) {
  if (result.outcome != Outcome::kDone) return result;
  if (Shows(result.observation, action.after) &&
      witness_.Attest(action.target, result.observation).ok()) {
    return result;
  }
  auto now = witness_.Look(action.target, std::max(deadline, absl::Now() + absl::Seconds(1)));
  if (now.ok() && Shows(*now, action.after)) {
    result.observation = *std::move(now);
    return result;
  }
  return NotDone(Outcome::kEffectUnknown,
                 "it was carried out, but " + ToString(action.target) +
                     " does not show the change; look at it and plan again");
}

absl::Status ActionRunner::Note(const Order& order, const Result* result) {
  Record record;
  record.set_key(order.key);
  record.set_token(order.token);
  record.set_at_ms(absl::ToUnixMillis(absl::Now()));
  POOLSHIFT_TRY(wire::EncodeAction(order.action, *record.mutable_action()));
  if (result != nullptr) *record.mutable_result() = EncodeResult(*result, order.action.target);
  return ledger_.Append(record);
}

bool ActionRunner::IsRunning(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return running_.contains(key);
}

ActionRunner::Found ActionRunner::StillRuns() {
  return {NotDone(Outcome::kEffectUnknown, "it is being carried out right now", true),
          ResourceId{}};
}

absl::StatusOr<ActionRunner::Found> ActionRunner::Lookup(const std::string& key,
                                                         absl::Time deadline) {
  if (IsRunning(key)) return StillRuns();
  POOLSHIFT_ASSIGN(const std::optional<Record> record, ledger_.Find(key));
  if (!record.has_value()) {
    if (auto known = service_.Lookup(key)) return Found{*std::move(known), ResourceId{}};
    return absl::NotFoundError("this key was never begun");
  }
  POOLSHIFT_ASSIGN(const Action action, wire::DecodeAction(record->action()));
  if (record->has_result()) {
    POOLSHIFT_ASSIGN(Result result, DecodeResult(record->result()));
    if (result.outcome != Outcome::kEffectUnknown)
      return Found{std::move(result), action.target, record->token()};
  }
  // A clock that was set back must not make it wait for long.
  const absl::Time interrupted =
      std::max(std::min(absl::FromUnixMillis(record->at_ms()), absl::Now()), started_);
  const absl::Time quiet = interrupted + service_.late_effects();
  for (;;) {
    const bool is_late = absl::Now() >= quiet;
    POOLSHIFT_ASSIGN(const Observation now, witness_.Look(action.target, deadline));
    auto settled = Settle(key, action, now, deadline);
    const bool is_known = settled.has_value() && settled->outcome != Outcome::kEffectUnknown;
    if (settled.has_value() && (is_known || is_late))
      return Found{*std::move(settled), action.target, record->token()};
    if (is_late) break;
    if (quiet > deadline) {
      return Found{NotDone(Outcome::kEffectUnknown,
                           "it was interrupted, and may still take effect; look it up later",
                           true),
                   action.target,
                   record->token()};
    }
    absl::SleepFor(std::min(kPause, quiet - absl::Now()));
  }
  if (IsRunning(key)) return StillRuns();  // begun again meanwhile
  return Found{
      NotDone(Outcome::kFailed,
              "it was begun and interrupted; " + ToString(action.target) + " is as it was before",
              true),
      action.target,
      record->token()};
}

absl::StatusOr<FenceAnswer> ActionRunner::Fence(const FenceClaim& claim, absl::Time deadline) {
  POOLSHIFT_ASSIGN(const FenceAnswer here, ledger_.Raise(claim));
  POOLSHIFT_ASSIGN(const FenceAnswer there, service_.Fence(claim, deadline));
  return FenceAnswer{std::max(here.greatest, there.greatest), here.stood || there.stood};
}

void ActionRunner::Cancel(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = running_.find(key);
  if (found != running_.end()) found->second->Cancel();
}

void ActionRunner::CancelAll() {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, call] : running_)
    call->Cancel();
}

}  // namespace poolshift::sdk
