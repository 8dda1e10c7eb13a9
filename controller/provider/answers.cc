#include "controller/provider/answers.h"

#include <optional>
#include <utility>

#include "controller/model/gone.h"
#include "controller/provider/printable.h"
#include "controller/provider/violation.h"
#include "controller/wire/provider_messages.h"

namespace poolshift {
namespace {

namespace v1 = provider::v1;

// Nothing for an outcome that is not in the protocol.
std::optional<absl::Status> StatusOf(v1::Result::Outcome outcome,
                                     const std::string& message,
                                     bool retryable) {
  switch (outcome) {
    case v1::Result::DONE:
      return absl::OkStatus();
    case v1::Result::CONFLICT:
      return absl::FailedPreconditionError(message);
    case v1::Result::FENCED:
      return absl::AbortedError(message);
    case v1::Result::FAILED:
      return retryable ? absl::UnavailableError(message) : absl::UnknownError(message);
    case v1::Result::EFFECT_UNKNOWN:
      return absl::UnavailableError(message);
    case v1::Result::CANCELLED:
      return absl::CancelledError(message);
    case v1::Result::PERMISSION:
      return absl::PermissionDeniedError(message);
    case v1::Result::UNSUPPORTED:
      return absl::UnimplementedError(message);
    default:
      break;
  }
  return std::nullopt;
}

}  // namespace

absl::Status Lie(const std::string& who, const char* call, const absl::Status& what) {
  return Violation(who, call, Printable({what.message().data(), what.message().size()}));
}

absl::Status ExplainFailure(const std::string& who,
                            const PluginProcess& process,
                            const char* call,
                            const grpc::Status& status,
                            absl::Duration deadline) {
  const std::string said = Printable(status.error_message());
  switch (status.error_code()) {
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::DeadlineExceededError(who + " did not answer " + call + " within " +
                                         absl::FormatDuration(deadline) +
                                         "; look at its log, then run again");
    case grpc::StatusCode::UNAVAILABLE: {
      const auto end = process.Ended(absl::Seconds(1));
      const absl::Status failure =
          absl::UnavailableError(who + ' ' + end.value_or("closed its connection") + " during " +
                                 call + "; look at its log, then run again");
      return end.has_value() ? MarkGone(failure) : failure;
    }
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      if (said.find("larger than max") == std::string::npos) break;
      return Violation(
          who, call, "it sent a message larger than the 4 MiB that the protocol allows");
    default:
      break;
  }
  const int code = status.error_code();
  const bool known = code > 0 && code <= static_cast<int>(absl::StatusCode::kUnauthenticated);
  return absl::Status(
      known ? static_cast<absl::StatusCode>(code) : absl::StatusCode::kUnknown,
      who + " could not " + call + ": " + (said.empty() ? "it gave no reason" : said));
}

bool IsRefusal(const absl::Status& status) {
  return absl::IsPermissionDenied(status) || absl::IsInvalidArgument(status) ||
         absl::IsUnimplemented(status);
}

ApplyResult EffectUnknown(absl::Status status) {
  ApplyResult result;
  result.status = std::move(status);
  result.effect_unknown = true;
  return result;
}

ApplyResult DecodeResult(const std::string& who,
                         const char* call,
                         const v1::Result& wire,
                         const ResourceId* target) {
  const std::string message =
      who + ": " + (wire.message().empty() ? "it gave no reason" : Printable(wire.message()));
  const auto status = StatusOf(wire.outcome(), message, wire.retryable());
  if (!status.has_value()) {
    return EffectUnknown(Violation(
        who, call, "outcome " + std::to_string(wire.outcome()) + " is not in protocol version 1"));
  }
  ApplyResult result;
  result.status = *status;
  result.effect_unknown = wire.outcome() == v1::Result::EFFECT_UNKNOWN;
  result.retryable = wire.retryable();
  if (!wire.has_observation()) {
    if (!result.status.ok() || target == nullptr) return result;
    return EffectUnknown(Violation(who, call, "it reported success and showed no observation"));
  }
  auto keyed = wire::DecodeObservation(wire.observation());
  if (!keyed.ok() && target == nullptr && !wire.observation().key().has_id()) return result;
  if (!keyed.ok()) return EffectUnknown(Lie(who, call, keyed.status()));
  if (target != nullptr && (keyed->key.id != *target || !keyed->key.vantage.empty())) {
    return EffectUnknown(Violation(who,
                                   call,
                                   "its result is of " + Printable(ToString(keyed->key.id)) +
                                       ", not of " + Printable(ToString(*target))));
  }
  result.observation = std::move(keyed->observation);
  result.observation.reason = Printable(result.observation.reason);
  return result;
}

}  // namespace poolshift
