// State words: parts of a planning problem's states in the words of people. "Topology.federation is
// edgepool1" is "the pool that has the SIP flag is edgepool1".
#pragma once

#include <string>
#include <string_view>

namespace poolshift {

// A variable of a lowered problem, as the subject of a sentence. A name that is known to nobody
// stays as it is.
std::string VariableInWords(std::string_view name);

// "VARIABLE is VALUE".
std::string StateInWords(std::string_view state);

}  // namespace poolshift
