// A socket on which others may connect, at an address of this machine.
#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "controller/daemon/host_port.h"
#include "controller/world/descriptor.h"
#include <sys/socket.h>

namespace poolshift {

struct Listening {
  Descriptor socket;  // TCP; does not block, and closes when a program is executed
  HostPort place;     // with the port that the system chose
};

// "192.0.2.1:7443"; port 0: one that is free; "0.0.0.0:7443" and "[::]:7443": all addresses.
// InvalidArgument for the text, FailedPrecondition when the place cannot be had.
absl::StatusOr<Listening> Listen(const std::string& text);

// "192.0.2.1", "2001:db8::1", and the port.
HostPort PlaceOfSocket(const sockaddr_storage& address, socklen_t size);

}  // namespace poolshift
