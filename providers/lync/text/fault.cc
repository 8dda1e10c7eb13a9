#include "providers/lync/text/fault.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace poolshift::lync {
namespace {

bool Has(std::string_view text, std::string_view part) {
  return absl::StrContains(absl::AsciiStrToLower({text.data(), text.size()}),
                           absl::AsciiStrToLower({part.data(), part.size()}));
}

struct Sign {
  enum class In { kId, kMessage, kCategory } in;
  std::string_view part;
  FaultKind kind;
  std::string_view advice;
};

// The first that fits counts.
constexpr Sign kSigns[] = {
    {Sign::In::kId,
     "NamedParameterNotFound",
     FaultKind::kNotSupported,
     "this product's cmdlet has another name for the parameter, or none"},
    {Sign::In::kId,
     "CommandNotFound",
     FaultKind::kNotSupported,
     "the Management Shell of this product is not there; XMPP cmdlets are gone since Skype for "
     "Business Server 2019"},
    {Sign::In::kMessage,
     "is not recognized as the name of a cmdlet",
     FaultKind::kNotSupported,
     "the Management Shell of this product is not there; XMPP cmdlets are gone since Skype for "
     "Business Server 2019"},
    {Sign::In::kMessage,
     "is specified in topology as the next hop for the Edge server",
     FaultKind::kConflict,
     "change the next hop of that Edge pool first"},
    {Sign::In::kMessage,
     "There is no test user assigned",
     FaultKind::kFatal,
     "assign test users, or do without synthetic transactions"},
    {Sign::In::kMessage, "access is denied", FaultKind::kPermission, "give the account the right"},
    {Sign::In::kMessage,
     "access is not allowed",
     FaultKind::kPermission,
     "give the account the right, or run it elevated"},
    {Sign::In::kMessage, "unauthorized", FaultKind::kPermission, "give the account the right"},
    {Sign::In::kCategory, "PermissionDenied", FaultKind::kPermission, "give the account the right"},
    {Sign::In::kCategory, "SecurityError", FaultKind::kPermission, "give the account the right"},
    {Sign::In::kCategory,
     "SecurityException",
     FaultKind::kPermission,
     "give the account the right, or run it elevated"},
    {Sign::In::kMessage,
     "Could not connect to SQL server",
     FaultKind::kRetryable,
     "the Central Management store is down: bring it up or fail it over"},
    {Sign::In::kMessage,
     "network-related or instance-specific",
     FaultKind::kRetryable,
     "the Central Management store is down: bring it up or fail it over"},
    {Sign::In::kMessage,
     "504, Server time-out",
     FaultKind::kRetryable,
     "the partner or a hop before it did not answer"},
    {Sign::In::kMessage, "10060", FaultKind::kRetryable, "nothing answered at that address"},
    {Sign::In::kMessage, "timed out", FaultKind::kRetryable, "look again"},
    {Sign::In::kMessage, "does not exist", FaultKind::kConflict, "the topology has no such object"},
    {Sign::In::kMessage, "Cannot find", FaultKind::kConflict, "the topology has no such object"},
};

std::string_view Part(Sign::In in,
                      std::string_view id,
                      std::string_view message,
                      std::string_view category) {
  return in == Sign::In::kId ? id : in == Sign::In::kMessage ? message : category;
}

}  // namespace

std::string_view Name(FaultKind kind) {
  constexpr std::string_view kNames[] = {
      "unreachable", "lost", "retryable", "permission", "conflict", "not supported", "fatal"};
  return kNames[static_cast<std::size_t>(kind)];
}

Fault Classify(std::string_view id,
               std::string_view message,
               std::string_view category,
               std::string_view command) {
  Fault fault;
  fault.text = command.empty() ? "" : std::string(command) + " : ";
  fault.text += message;
  for (const Sign& sign : kSigns) {
    if (!Has(Part(sign.in, id, message, category), sign.part)) continue;
    fault.kind = sign.kind;
    fault.text += " (" + std::string(sign.advice) + ')';
    return fault;
  }
  if (!id.empty() && id != message) fault.text += " [" + std::string(id) + ']';
  return fault;
}

Fault FaultOf(const Value& record) {
  return Classify(record.StringOr("id", ""),
                  record.StringOr("message", "it failed without a message"),
                  record.StringOr("category", ""),
                  record.StringOr("command", ""));
}

}  // namespace poolshift::lync
