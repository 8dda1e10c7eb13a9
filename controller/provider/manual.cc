#include "controller/provider/manual.h"

#include <algorithm>
#include <utility>

#include "controller/model/covers.h"
#include "controller/model/try.h"
#include "controller/provider/manual_steps.h"

namespace poolshift {
namespace {

// How long a cancellation may go unnoticed.
constexpr absl::Duration kNap = absl::Milliseconds(200);

std::string Join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts)
    text += (text.empty() ? "" : "; ") + part;
  return text;
}

ApplyResult Failed(absl::Status status, bool effect_unknown) {
  ApplyResult result;
  result.status = std::move(status);
  result.effect_unknown = effect_unknown;
  result.retryable = effect_unknown;
  return result;
}

}  // namespace

Manual::Manual(ManualOptions options, Provider& eyes, Clock& clock)
    : options_(std::move(options)), eyes_(eyes), clock_(clock) {}

absl::StatusOr<ProviderDescription> Manual::Describe() {
  POOLSHIFT_ASSIGN(ProviderDescription description, eyes_.Describe());
  description.remarks = {
      "a person carries the actions out; each is done when " + description.type + " observes it",
      "unfenced: content hash only"};
  description.type = "manual";
  description.fenced = false;
  for (KindSchema& kind : description.kinds)
    kind.writable |= HasManualSteps(kind.kind);
  return description;
}

absl::StatusOr<std::vector<Observation>> Manual::Observe(const std::vector<ObservationKey>& keys,
                                                         absl::Duration deadline) {
  return eyes_.Observe(keys, deadline);
}

// The eyes are a declared provider and are asked themselves.
absl::StatusOr<std::vector<Listed>> Manual::List(absl::Duration) {
  return absl::UnimplementedError("provider `" + options_.name +
                                  "` (manual) sees through another provider");
}

absl::StatusOr<std::vector<std::vector<std::string>>> Manual::Preview(
    const std::vector<Action>& actions, absl::Duration) {
  std::vector<std::vector<std::string>> steps;
  for (const Action& action : actions)
    steps.push_back(ManualSteps(action));
  return steps;
}

absl::StatusOr<std::vector<Observation>> Manual::Look(const Action& action) {
  std::vector<ObservationKey> keys = {{action.target, ""}};
  for (const JointChange& change : action.also)
    keys.push_back({change.target, ""});
  POOLSHIFT_ASSIGN(std::vector<Observation> seen, eyes_.Observe(keys, options_.look_deadline));
  if (seen.size() == keys.size()) return seen;
  return absl::InternalError("provider `" + options_.name +
                             "`: its eyes did not answer everything");
}

bool Manual::TakeCancelled(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return cancelled_.erase(key) > 0;
}

ApplyResult Manual::Apply(const ApplyRequest& request, const ProgressSink& progress) {
  const std::string who = "provider `" + options_.name + "` (manual): ";
  const std::string target = ToString(request.action.target);
  if (options_.read_only) {
    return Failed(absl::PermissionDeniedError(who + "it was made read-only; nothing was changed"),
                  false);
  }
  const auto seen = Look(request.action);
  if (!seen.ok()) return Failed(seen.status(), false);
  const Observation& first = seen->front();
  const bool as_planned = first.presence != Presence::kUnreachable &&
                          first.revision == request.action.precondition_revision;
  const bool done = StillDifferent(*seen, request.action).empty();
  const bool begun = Shows(first, request.action.after);
  if (first.presence != Presence::kUnreachable && !as_planned && !begun) {
    return Failed(absl::FailedPreconditionError(
                      who + target + " is neither as the plan saw it nor as wanted (" +
                      Join(StillDifferent(first, request.action.after)) + "); plan again"),
                  false);
  }
  if (!done && progress) {
    for (const std::string& step : ManualSteps(request.action))
      progress(step);
  }
  {
    const std::lock_guard lock(mutex_);
    running_.insert(request.key);
  }
  ApplyResult result = Wait(request, progress);
  const std::lock_guard lock(mutex_);
  running_.erase(running_.find(request.key));
  if (running_.count(request.key) == 0) cancelled_.erase(request.key);
  return result;
}

ApplyResult Manual::Wait(const ApplyRequest& request, const ProgressSink& progress) {
  const std::string who = "provider `" + options_.name + "` (manual): ";
  const std::string target = ToString(request.action.target);
  const absl::Duration until = clock_.Elapsed() + request.deadline;
  std::string told;
  for (;;) {
    const auto seen = Look(request.action);
    const std::string missing = seen.ok() ? Join(StillDifferent(*seen, request.action))
                                          : std::string(seen.status().message());
    if (missing.empty()) {
      ApplyResult result;
      result.observation = seen->front();
      return result;
    }
    if (missing != told && progress) progress("waiting for " + target + ": " + missing);
    told = missing;
    const absl::Duration next = std::min(clock_.Elapsed() + options_.interval, until);
    while (clock_.Elapsed() < next) {
      if (TakeCancelled(request.key)) {
        return Failed(
            absl::CancelledError(who + "given up waiting for a person; " + target + ": " + missing),
            true);
      }
      clock_.Sleep(std::min(kNap, next - clock_.Elapsed()));
    }
    if (clock_.Elapsed() >= until) {
      return Failed(absl::DeadlineExceededError(who + "not done in time: " + target + ": " +
                                                missing + "; finish the steps and run again"),
                    true);
    }
  }
}

absl::StatusOr<ApplyResult> Manual::Lookup(const std::string&, absl::Duration) {
  return absl::NotFoundError(
      "provider `" + options_.name +
      "` (manual): a person's work is not recorded here; look at the resource");
}

void Manual::Cancel(const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (running_.count(key) > 0) cancelled_.insert(key);
}

}  // namespace poolshift
