// The parts of `poolshift drift` that read and write only the state directory.
#pragma once

#include "controller/cli/command.h"

namespace poolshift {

// `drift --history`.
ExitCode ShowDriftHistory(Session& session, const Arguments& arguments);
// `drift ack FINGERPRINT --for AGE --reason TEXT`, `drift unack FINGERPRINT`.
ExitCode AcknowledgeDrift(Session& session, const Arguments& arguments);
ExitCode WithdrawDrift(Session& session, const Arguments& arguments);

}  // namespace poolshift
