// A second, stricter look at YAML text, by libyaml: yaml-cpp 0.7 accepts a quoted text that the end
// of the file cuts off, so that half a file can pass for a whole one. Nothing is built; it costs a
// tenth of the first reading.
#pragma once

#include <string_view>

#include "controller/model/diagnostics.h"

namespace poolshift::manifest {

// Adds an error and returns false when libyaml refuses the text. Nesting must have been checked
// before, since libyaml takes quadratic time in the depth of brackets.
bool ScanStrictly(std::string_view file, std::string_view text, Diagnostics& diagnostics);

}  // namespace poolshift::manifest
