// The page for man(1), from the table of commands. Pure.
#pragma once

#include <string>

namespace poolshift {

// In the language of man(7). `version` as in "1.0.0".
std::string ManualPage(const std::string& version);

}  // namespace poolshift
