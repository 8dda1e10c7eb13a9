// The status of a daemon, to and from its message. Pure.
#pragma once

#include "controller/report/daemon_status.h"
#include "poolshift/control/v1/control.pb.h"

namespace poolshift {

control::v1::GetStatusResponse ToMessage(const DaemonStatus& status);
DaemonStatus FromMessage(const control::v1::GetStatusResponse& message);

}  // namespace poolshift
