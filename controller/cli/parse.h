// From words to Arguments.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/cli/command.h"

namespace poolshift {

// The place of the verb among the words, or the number of words when there is none: the first word
// that is neither an option nor the value of a global one.
std::size_t VerbPlace(const std::vector<std::string>& words);

// Checks `words` (without the verb) against the options of `command` and the global ones.
// InvalidArgument says what is wrong and suggests the option that may have been meant.
absl::StatusOr<Arguments> ParseArguments(const Command& command, std::vector<std::string> words);

}  // namespace poolshift
