// How long something is kept or holds, as people write it.
#pragma once

#include <string>

#include "absl/time/time.h"

namespace poolshift {

// "90d", or a duration such as "36h"; more than nothing. False when it is neither.
bool ParseAge(const std::string& text, absl::Duration& age);

}  // namespace poolshift
