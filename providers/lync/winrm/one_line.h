// What a machine says is shown to people and kept in records: one line of at most 300 bytes without
// control characters. Pure.
#pragma once

#include <string>
#include <string_view>

namespace poolshift::lync::winrm {

std::string OneLine(std::string_view text);

}  // namespace poolshift::lync::winrm
