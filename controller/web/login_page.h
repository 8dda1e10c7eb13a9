// The page for who has not logged in, where only who has may read. Pure.
#pragma once

#include <string>

namespace poolshift {

// It says nothing of the organisation. `asked` is the path that was asked for.
std::string LoginPage(const std::string& asked);

}  // namespace poolshift
