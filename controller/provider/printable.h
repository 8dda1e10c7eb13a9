// Text from outside as it may be shown: control characters, invalid UTF-8 and characters that turn
// the direction of writing are escaped as \x1b or \u202e, so that no provider can steer a terminal
// or forge a line.
#pragma once

#include <string>
#include <string_view>

namespace poolshift {

std::string Printable(std::string_view text);

}  // namespace poolshift
