// `poolshift drift --watch`.
#pragma once

#include "controller/cli/command.h"

namespace poolshift {

// Looks, tells what changed, waits; until SIGINT or SIGTERM. As the last look ended: 0 no drift, 2
// drift, 1 nobody could look. Manifests that have faults at the first look end it at once.
ExitCode WatchDrift(Session& session, const Arguments& arguments, bool json);

}  // namespace poolshift
