// The status of a running loop, from what its board shows. Pure.
#pragma once

#include "controller/gitops/board.h"
#include "controller/report/daemon_status.h"

namespace poolshift {

DaemonStatus StatusOf(const Snapshot& snapshot);

}  // namespace poolshift
