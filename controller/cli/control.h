// What the verbs that speak with a running `poolshift serve` have in common.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "controller/cli/command.h"
#include "controller/daemon/control_client.h"

namespace poolshift {

// --socket, else POOLSHIFT_SOCKET, else poolshift/control.sock in XDG_RUNTIME_DIR or in /run.
std::string SocketPath(const Session& session, const Arguments& arguments);
OptionSpec SocketOption();
// "--for 2h". InvalidArgument when it is no time, or not there.
absl::StatusOr<absl::Duration> DurationOf(const Arguments& arguments, const std::string& option);

// Connected, or null with everything told; `code` says why.
struct Connection {
  std::unique_ptr<ControlClient> client;
  ExitCode code = kExitOk;
};
Connection Connect(Session& session, const Arguments& arguments);

}  // namespace poolshift
