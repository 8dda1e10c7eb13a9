// HandCheck: how a person sees without Poolshift whether a step is done.
#pragma once

#include <string>
#include <vector>

#include "controller/model/plan.h"

namespace poolshift {

// Commands to type, and where, one a line; a gate's with what must be seen. Never empty for kinds
// that are known. `most` subjects of a gate are listed, then how many more there are.
std::vector<std::string> HandChecks(const Action& action, std::size_t most);

}  // namespace poolshift
