// Exit codes: a promise to scripts, explained in docs/exit-codes.md.
#pragma once

#include "absl/status/status.h"

namespace poolshift {

enum ExitCode : int {
  kExitOk = 0,  // done, or nothing to do
  kExitError = 1,
  kExitChanges = 2,        // something differs, or a drill is not ready
  kExitInvalidInput = 10,  // manifests, arguments, files that are not what they should be
  kExitUntrusted = 11,     // a program that is not the pinned one, a file that others may write
  kExitRefused = 12,       // by a rule, or for want of a person's approval
  kExitStale = 13,  // the world moved, or the plan was used before, or a later controller took over
  kExitTimeout = 14,
  kExitInterrupted = 130,
};

// The exit code of what could not be done. Never kExitOk.
ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace poolshift
