// Whoever was asked will not answer any more in this process: its program has ended, or it is not
// asked again. A mark on a status, so that nobody waits for what cannot come.
#pragma once

#include "absl/status/status.h"

namespace poolshift {

absl::Status MarkGone(absl::Status status);
bool IsGone(const absl::Status& status);

}  // namespace poolshift
