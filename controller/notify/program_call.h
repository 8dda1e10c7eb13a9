// A program that is told an event: run without a shell, the text on its stdin.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "controller/world/clock.h"

namespace poolshift::notify {

// Runs it with nothing of our environment but a plain PATH, its output thrown away, in a process
// group that is killed when the time is over. Aborted: it ended otherwise than with 0. NotFound and
// PermissionDenied: it cannot be run.
absl::Status CallProgram(const std::vector<std::string>& command,
                         const std::string& input,
                         Clock& clock,
                         absl::Duration time_limit);

}  // namespace poolshift::notify
