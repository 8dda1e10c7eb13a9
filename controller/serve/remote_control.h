// The control API for other machines, as the command line of `poolshift serve` wishes.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "controller/cli/command.h"
#include "controller/daemon/remote_server.h"

namespace poolshift {

// Null when nobody else is to be heard. InvalidArgument when only some of the options are there,
// otherwise errors of remote_server.h. `desk` and `pages` are borrowed.
absl::StatusOr<std::unique_ptr<RemoteServer>> StartRemoteControl(
    const Session& session,
    const Arguments& arguments,
    const Roles& roles,
    Desk& desk,
    PageDoor* pages,
    const std::function<void(const std::string& line)>& log);

}  // namespace poolshift
