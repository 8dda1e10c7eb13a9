// A first, strict look at YAML text, by libyaml: yaml-cpp 0.7 accepts a quoted text that the end of
// the file cuts off, so that half a file can pass for a whole one, and never comes back from some
// texts that are no YAML (",a"). It sees only what this look lets pass. Nothing is built; it costs
// a tenth of the second reading.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "controller/model/diagnostics.h"

namespace poolshift::manifest {

inline constexpr int kMaxDepth = 64;

// How many nodes the text has (aliases count as one, keys too), or nothing and an error when
// libyaml refuses the text or it is nested deeper than kMaxDepth. Stops at the first level too
// many, so depth costs no time.
std::optional<std::size_t> ScanStrictly(std::string_view file,
                                        std::string_view text,
                                        Diagnostics& diagnostics);

}  // namespace poolshift::manifest
