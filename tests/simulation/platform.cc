#include "tests/simulation/platform.h"

#include <algorithm>
#include <utility>

#include "controller/model/covers.h"

namespace poolshift::simulation {
namespace {

ApplyResult NotDone(absl::Status status, bool effect_unknown = false, bool retryable = false) {
  ApplyResult result;
  result.status = std::move(status);
  result.effect_unknown = effect_unknown;
  result.retryable = retryable;
  return result;
}

ApplyResult Fenced(std::int64_t token, std::int64_t greatest) {
  return NotDone(absl::AbortedError("token " + std::to_string(token) + " is smaller than " +
                                    std::to_string(greatest)));
}

ApplyResult Conflict(const Action& action) {
  return NotDone(
      absl::FailedPreconditionError(ToString(action.target) + " is not as the plan saw it"));
}

}  // namespace

bool Platform::HoldsPrecondition(const Action& action) const {
  return !protections_.compare_and_set ||
         realm_.Look({action.target, ""}).revision == action.precondition_revision;
}

ApplyResult Platform::Done(const Action& action) const {
  ApplyResult result;
  result.observation = realm_.Look({action.target, ""});
  return result;
}

std::optional<ApplyResult> Platform::Settle(const Action& action) const {
  const Observation now = realm_.Look({action.target, ""});
  if (Shows(now, action.after)) return Done(action);
  if (now.revision == action.precondition_revision) return std::nullopt;
  return NotDone(
      absl::UnavailableError("begun earlier and interrupted, neither as before nor as wanted"),
      true);
}

std::optional<ApplyResult> Platform::Answer(const Entry& entry, const ApplyRequest& request) const {
  if (!entry.result.has_value()) return Settle(request.action);
  if (!entry.result->status.ok()) return std::nullopt;  // it changed nothing
  const bool is_repeated = request.token <= entry.token ||
                           Shows(realm_.Look({request.action.target, ""}), request.action.after);
  if (is_repeated) return *entry.result;
  return std::nullopt;
}

std::optional<ApplyResult> Platform::Arrive(const std::string& provider,
                                            const ApplyRequest& request) {
  Target& target = targets_[provider];
  if (target.running.count(request.key) > 0)
    return NotDone(absl::UnavailableError("it is being carried out right now"), true, true);
  if (protections_.fencing && request.token < target.fence.token)
    return Fenced(request.token, target.fence.token);
  target.fence.Pass(request.token);
  const auto entry = target.ledger.find(request.key);
  if (protections_.ledger && entry != target.ledger.end()) {
    if (auto answer = Answer(entry->second, request)) return answer;
  }
  if (!HoldsPrecondition(request.action)) return Conflict(request.action);
  target.ledger[request.key] = {request.token, request.action, std::nullopt};
  target.running.insert(request.key);
  return std::nullopt;
}

ApplyResult Platform::TakeEffect(const std::string& provider,
                                 const ApplyRequest& request,
                                 bool noted) {
  Target& target = targets_[provider];
  if (target.running.erase(request.key) == 0)
    return NotDone(absl::UnavailableError("the provider was restarted"), true);
  ApplyResult result;
  if (protections_.fencing && request.token < target.fence.token) {
    result = Fenced(request.token, target.fence.token);
  } else if (!HoldsPrecondition(request.action)) {
    result = Conflict(request.action);
  } else {
    checker_.BeforeWrite(provider, request);
    const std::string refusal = realm_.Write(request.action);
    if (refusal.empty()) checker_.AfterWrite(request);
    if (refusal.empty() && !noted) checker_.Forgotten(request);
    result = refusal.empty() ? Done(request.action) : NotDone(absl::InternalError(refusal));
  }
  if (noted) target.ledger[request.key].result = result;
  return result;
}

ApplyResult Platform::TakeHalfEffect(const std::string& provider, const ApplyRequest& request) {
  Target& target = targets_[provider];
  const std::optional<Action> part = realm_.PartOf(request.action);
  const bool stands = part.has_value() && target.running.count(request.key) > 0 &&
                      request.token >= target.fence.token && HoldsPrecondition(request.action);
  if (!stands) return TakeEffect(provider, request, true);
  checker_.BeforeWrite(provider, request);
  if (realm_.Write(*part).empty()) checker_.CheckRules(request);
  target.running.erase(request.key);
  return NotDone(absl::UnavailableError("connection reset"), true);
}

void Platform::Restart(const std::string& provider) { targets_[provider].running.clear(); }

absl::StatusOr<ApplyResult> Platform::Lookup(const std::string& provider,
                                             const std::string& key,
                                             bool sees) {
  Target& target = targets_[provider];
  if (target.running.count(key) > 0)
    return NotDone(absl::UnavailableError("it is being carried out right now"), true, true);
  const auto entry = target.ledger.find(key);
  if (entry == target.ledger.end()) return absl::NotFoundError("this key was never begun");
  const auto stamped = [&](ApplyResult result) {
    result.token = entry->second.token;
    return result;
  };
  if (entry->second.result.has_value()) return stamped(*entry->second.result);
  if (!sees) return stamped(NotDone(absl::UnavailableError("interrupted, and out of sight"), true));
  if (auto settled = Settle(entry->second.action)) return stamped(*std::move(settled));
  return stamped(NotDone(
      absl::UnavailableError("begun and interrupted; it is as it was before"), false, true));
}

FenceAnswer Platform::Fence(const std::string& provider, const FenceClaim& claim) {
  FenceAnswer answer = targets_[provider].fence.Raise(claim);
  checker_.Fenced(provider, claim.token);
  answer.stood = answer.stood && protections_.own_tokens;
  return answer;
}

}  // namespace poolshift::simulation
