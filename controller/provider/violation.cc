#include "controller/provider/violation.h"

#include <utility>

#include "absl/strings/cord.h"

#include "controller/model/gone.h"

namespace poolshift {
namespace {

constexpr char kMark[] = "poolshift/violation";

}  // namespace

absl::Status Violation(const std::string& who, const std::string& call, const std::string& what) {
  absl::Status status = absl::InternalError(
      who + " broke its promise in " + call + ": " + what +
      "; it is not asked again in this run, report it to the provider's author");
  status.SetPayload(kMark, absl::Cord("1"));
  return MarkGone(std::move(status));
}

bool IsViolation(const absl::Status& status) { return status.GetPayload(kMark).has_value(); }

}  // namespace poolshift
