// A violation: a provider broke the protocol. The status is Internal, names the provider and says
// what it did; it is marked, so that layers above can tell a liar from a misfortune.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace poolshift {

// `who` as PluginTitle makes it, `call` "Observe", `what` "answered twice for Replica/x".
absl::Status Violation(const std::string& who, const std::string& call, const std::string& what);

bool IsViolation(const absl::Status& status);

}  // namespace poolshift
