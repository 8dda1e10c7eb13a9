// What a failed system call means, in words.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace poolshift {

// "cannot open /x: No such file or directory", with the status code that fits `error` (a value of
// errno).
absl::Status SystemError(const std::string& what, int error);

}  // namespace poolshift
