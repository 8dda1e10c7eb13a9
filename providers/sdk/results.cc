#include "providers/sdk/results.h"

#include <utility>

#include "controller/model/try.h"
#include "controller/wire/provider_messages.h"
#include "providers/sdk/scrub.h"

namespace poolshift::sdk {
namespace {

using Wire = provider::v1::Result;

constexpr std::pair<Outcome, Wire::Outcome> kOutcomes[] = {
    {Outcome::kDone, Wire::DONE},
    {Outcome::kConflict, Wire::CONFLICT},
    {Outcome::kFenced, Wire::FENCED},
    {Outcome::kFailed, Wire::FAILED},
    {Outcome::kEffectUnknown, Wire::EFFECT_UNKNOWN},
    {Outcome::kCancelled, Wire::CANCELLED},
    {Outcome::kPermission, Wire::PERMISSION},
    {Outcome::kUnsupported, Wire::UNSUPPORTED},
};

}  // namespace

Wire EncodeResult(const Result& result, const ResourceId& target) {
  Wire wire;
  for (const auto& [outcome, encoded] : kOutcomes) {
    if (outcome == result.outcome) wire.set_outcome(encoded);
  }
  wire.set_message(Scrubbed(result.message));
  wire.set_retryable(result.retryable);
  // Only the target may know of which resource a looked-up key speaks.
  if (result.outcome != Outcome::kDone || target.kind.empty()) return wire;
  const absl::Status encoded =
      wire::EncodeObservation({{target, ""}, result.observation}, *wire.mutable_observation());
  if (encoded.ok()) return wire;
  return EncodeResult(NotDone(Outcome::kEffectUnknown, std::string(encoded.message())), target);
}

absl::StatusOr<Result> DecodeResult(const Wire& wire) {
  for (const auto& [outcome, encoded] : kOutcomes) {
    if (encoded != wire.outcome()) continue;
    Result result = NotDone(outcome, wire.message(), wire.retryable());
    if (!wire.has_observation()) return result;
    POOLSHIFT_ASSIGN(wire::KeyedObservation keyed, wire::DecodeObservation(wire.observation()));
    result.observation = std::move(keyed.observation);
    return result;
  }
  return absl::InvalidArgumentError("outcome " + std::to_string(wire.outcome()) + " is not known");
}

Result NotDone(Outcome outcome, std::string message, bool retryable) {
  Result result;
  result.outcome = outcome;
  result.message = std::move(message);
  result.retryable = retryable;
  return result;
}

bool ChangedNothing(Outcome outcome) {
  return outcome != Outcome::kDone && outcome != Outcome::kEffectUnknown;
}

}  // namespace poolshift::sdk
