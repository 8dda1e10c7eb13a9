#include "controller/engine/stagehand.h"

#include <algorithm>
#include <set>
#include <utility>

#include "controller/federation/kinds.h"
#include "controller/federation/silence.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

constexpr absl::Duration kLook = absl::Seconds(30);
constexpr int kTtl = 30;  // of names that health checks switch

Value* SeenOf(ObservedState& observed, const ObservationKey& key) {
  const auto seen = observed.observations.find(key);
  const bool there =
      seen != observed.observations.end() && seen->second.presence == Presence::kPresent;
  return there ? &seen->second.properties : nullptr;
}

void Grant(const Expectation& wish, ObservedState& observed) {
  Value* const seen = SeenOf(observed, wish.subject);
  if (seen == nullptr) return;
  const std::string& kind = wish.subject.id.kind;
  if (kind == kinds::kReachability && IsWalled(*seen)) seen->Set("state", "refused");
  if (kind == kinds::kAccessConfig) seen->Set(wish.property, wish.value);
  // What can authenticate follows from these three.
  if (kind == kinds::kXmppPartner)
    *seen = Value::Map{{"tls", "required"}, {"sasl", "required"}, {"dialback", true}};
}

}  // namespace

void DoBeforehand(const Plan& plan, ObservedState& observed) {
  for (const Action& action : plan.actions) {
    if (!action.human || !action.gate.has_value()) continue;
    for (const Expectation& wish : action.gate->expectations)
      Grant(wish, observed);
  }
}

void Stagehand::Begin(const Action& step) {
  if (!step.human || !step.gate.has_value()) return;
  std::set<ResourceId> pointed;
  for (const Expectation& wish : step.gate->expectations) {
    const ResourceId& id = wish.subject.id;
    const bool points = id.kind == kinds::kDnsRecordSet && wish.property == "records";
    if (!points || !pointed.insert(id).second) continue;
    Action change;
    change.target = id;
    change.after = Value::Map{{"records", wish.value}, {"ttl", kTtl}};
    (void)Put(std::move(change));  // what did not come about its gate says
  }
}

ApplyResult Stagehand::Apply(const ApplyRequest& request, const ProgressSink& progress) {
  token_ = std::max(token_, request.token);
  ApplyResult result = stage_->Apply(request, progress);
  // An answer that is lost tells nothing of what was done: what belongs together is done together.
  const bool is_done = result.status.ok() || result.effect_unknown;
  if (!is_done) return result;
  for (const JointChange& also : request.action.also) {
    Action change;
    change.target = also.target;
    change.after = also.after;
    // One publish enables all of it.
    if (&also == &request.action.also.back()) change.modes = {"closing"};
    if (const absl::Status put = Put(std::move(change)); !put.ok()) {
      result.status = put;
      result.effect_unknown = true;
      return result;
    }
  }
  return result;
}

absl::StatusOr<FenceAnswer> Stagehand::Fence(const FenceClaim& claim, absl::Duration deadline) {
  token_ = std::max(token_, claim.token);
  return stage_->Fence(claim, deadline);
}

absl::Status Stagehand::Put(Action change) {
  POOLSHIFT_ASSIGN(const std::vector<Observation> seen,
                   stage_->Observe({{change.target, ""}}, kLook));
  if (seen.front().presence == Presence::kUnreachable)
    return absl::UnavailableError(ToString(change.target) + ": " + seen.front().reason);
  if (seen.front().presence == Presence::kAbsent) change.verb = Verb::kCreate;
  change.before = seen.front().properties;
  change.precondition_revision = seen.front().revision;
  ApplyRequest request;
  request.organization = organization_;
  request.key = "by hand " + std::to_string(++changes_);
  request.token = token_;
  request.action = std::move(change);
  return stage_->Apply(request, [](std::string_view) {}).status;
}

}  // namespace poolshift
