// Faults of the user's input as text: one a line, "file:line:column: error: message; hint", and
// their count.
#pragma once

#include <string>

#include "controller/model/diagnostics.h"
#include "controller/report/style.h"

namespace poolshift {

std::string DiagnosticsText(const Diagnostics& diagnostics, const Style& style);

// {"format_version", "valid", "diagnostics": [...]}
std::string DiagnosticsJson(const Diagnostics& diagnostics);

// "2 errors, 1 warning"; "" when there is nothing to tell.
std::string DiagnosticsCount(const Diagnostics& diagnostics);

}  // namespace poolshift
