#include "controller/daemon/listening.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include "controller/daemon/openssl_owners.h"
#include "controller/model/try.h"
#include "controller/world/system_error.h"
#include <netdb.h>

namespace poolshift {
namespace {

constexpr int kWaiting = 64;

}  // namespace

HostPort PlaceOfSocket(const sockaddr_storage& address, socklen_t size) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  ::getnameinfo(reinterpret_cast<const sockaddr*>(&address),  // NOLINT: how sockets are named
                size,
                host.data(),
                host.size(),
                port.data(),
                port.size(),
                NI_NUMERICHOST | NI_NUMERICSERV);
  return {host.data(), static_cast<std::uint16_t>(std::strtoul(port.data(), nullptr, 10))};
}

absl::StatusOr<Listening> Listen(const std::string& text) {
  POOLSHIFT_ASSIGN(const HostPort wanted, ParseHostPort(text));
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (::getaddrinfo(wanted.host.c_str(), std::to_string(wanted.port).c_str(), &hints, &list) != 0) {
    return absl::InvalidArgumentError(text +
                                      ": name an address of this machine, not a name, as in "
                                      "`192.0.2.1:7443`; `0.0.0.0:7443` is all of them");
  }
  const std::unique_ptr<addrinfo, ReleasedBy<::freeaddrinfo>> found(list);
  Descriptor listening(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listening.is_open()) return SystemError(text + ": socket", errno);
  const int on = 1;
  ::setsockopt(listening.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (::bind(listening.number(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(listening.number(), kWaiting) != 0) {
    return absl::FailedPreconditionError(
        std::string(SystemError(text + ": cannot listen", errno).message()) +
        "; stop who does, or choose another address or port");
  }
  sockaddr_storage own{};
  socklen_t size = sizeof(own);
  ::getsockname(listening.number(), reinterpret_cast<sockaddr*>(&own), &size);  // NOLINT
  return Listening{std::move(listening), PlaceOfSocket(own, size)};
}

}  // namespace poolshift
