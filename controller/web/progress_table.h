// How far a run is, as HTML. Pure.
#pragma once

#include <string>

#include "controller/gitops/run_progress.h"

namespace poolshift::web {

// A bar and a table of the steps: what runs and what failed first, then what waits, then what is
// done.
std::string ProgressTable(const RunProgress& progress, bool running);

}  // namespace poolshift::web
