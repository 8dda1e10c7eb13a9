// Which build of the program runs, so that what it decided can be laid to it later.
#pragma once

#include <string>
#include <string_view>

namespace poolshift {

// A digest over the build ids of the program and of every library of it whose name contains `part`,
// as the linker made them from their content. "" when one of them has none.
std::string BuildIdentity(std::string_view part);

}  // namespace poolshift
