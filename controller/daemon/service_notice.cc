#include "controller/daemon/service_notice.h"

#include <cerrno>
#include <cstddef>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace poolshift {

absl::Status TellService(const std::string& socket, std::string_view state) {
  if (socket.empty()) return absl::OkStatus();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.size() >= sizeof(address.sun_path) || (socket[0] != '/' && socket[0] != '@'))
    return absl::InvalidArgumentError("NOTIFY_SOCKET " + socket + " is no name of a socket");
  std::memcpy(address.sun_path, socket.data(), socket.size());
  if (socket[0] == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());
  const int sender = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);  // NOLINT: named so
  const bool sent =
      sender >= 0 &&
      ::sendto(sender, state.data(), state.size(), MSG_NOSIGNAL, generic, length) >= 0;
  const int error = errno;
  if (sender >= 0) ::close(sender);
  if (sent) return absl::OkStatus();
  return absl::UnavailableError("NOTIFY_SOCKET " + socket + ": " + std::strerror(error));
}

}  // namespace poolshift
