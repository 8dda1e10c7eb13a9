// What a service tells the system that started it (sd_notify(3), "Type=notify"): one datagram to
// the socket that NOTIFY_SOCKET names, and nothing when it names none.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace poolshift {

// `socket` as in NOTIFY_SOCKET: a path, or '@' and a name. `state`: "READY=1", "STOPPING=1",
// "WATCHDOG=1", "STATUS=…", one a line.
absl::Status TellService(const std::string& socket, std::string_view state);

}  // namespace poolshift
