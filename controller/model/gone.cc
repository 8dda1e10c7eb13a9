#include "controller/model/gone.h"

#include "absl/strings/cord.h"

namespace poolshift {
namespace {

constexpr char kMark[] = "poolshift/gone";

}  // namespace

absl::Status MarkGone(absl::Status status) {
  status.SetPayload(kMark, absl::Cord("1"));
  return status;
}

bool IsGone(const absl::Status& status) { return status.GetPayload(kMark).has_value(); }

}  // namespace poolshift
