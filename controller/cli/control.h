// What the verbs that speak with a running `poolshift serve` have in common.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/cli/command.h"
#include "controller/daemon/control_client.h"

namespace poolshift {

// --socket, else POOLSHIFT_SOCKET, else poolshift/control.sock in XDG_RUNTIME_DIR or in /run.
std::string SocketPath(const Session& session, const Arguments& arguments);
OptionSpec SocketOption();
// A verb's own, and where the daemon is that it speaks with: --socket, or --server and what proves
// who is who. Each of these has a variable of the environment (docs/cli.md).
std::vector<OptionSpec> DaemonOptions(std::vector<OptionSpec> own = {});
// "--for 2h". InvalidArgument when it is no time, or not there.
absl::StatusOr<absl::Duration> DurationOf(const Arguments& arguments, const std::string& option);

// Connected, or null with everything told; `code` says why.
struct Connection {
  std::unique_ptr<ControlClient> client;
  ExitCode code = kExitOk;
  bool remote = false;
};
Connection Connect(Session& session, const Arguments& arguments);

}  // namespace poolshift
