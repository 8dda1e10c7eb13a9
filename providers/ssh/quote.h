// Quoting: the one place where words become a command line. sshd hands what it gets to the
// account's login shell, so every word of a remote command is quoted for a POSIX shell here, and
// nothing else may put words together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace poolshift::ssh {

// As one word of a POSIX shell: as it is when no shell could read it otherwise, else in single
// quotes. InvalidArgument for control characters (NUL and line ends among them): nothing that we
// run needs them, and what needs them travels as input.
absl::StatusOr<std::string> QuotedWord(std::string_view word);

// All words, quoted, with a space between. The first is a program, so it must not be empty.
absl::StatusOr<std::string> CommandLine(const std::vector<std::string>& words);

}  // namespace poolshift::ssh
