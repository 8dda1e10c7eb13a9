#include "providers/dns/update/exchange.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/time/clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace poolshift::dns {
namespace {

constexpr std::size_t kLargestMessage = 65535;

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

// Size 0 when the text is no address.
Address SocketAddress(const Endpoint& server) {
  Address address;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, server.address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(server.port);
    std::memcpy(&address.storage, &v4, sizeof v4);
    address.size = sizeof v4;
  } else if (inet_pton(AF_INET6, server.address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(server.port);
    std::memcpy(&address.storage, &v6, sizeof v6);
    address.size = sizeof v6;
  }
  return address;
}

// Not std::strerror: its buffer is shared between threads.
std::string ErrorText(int error) {
  char buffer[128];
  return strerror_r(error, buffer, sizeof buffer);
}

class Socket {
 public:
  Socket(const Endpoint& server, int type) {
    const Address address = SocketAddress(server);
    fd_ = socket(address.storage.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const auto* target = reinterpret_cast<const sockaddr*>(&address.storage);
    if (fd_ < 0 || (connect(fd_, target, address.size) != 0 && errno != EINPROGRESS))
      error_ = errno;
  }
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int fd() const { return fd_; }
  int error() const { return error_; }

  // 0 when ready, ETIMEDOUT at the deadline, or the socket's error.
  int Wait(short events, absl::Time deadline) const {
    for (;;) {
      const absl::Duration left = deadline - absl::Now();
      if (left <= absl::ZeroDuration()) return ETIMEDOUT;
      pollfd entry{fd_, events, 0};
      // Rounded up, so that the last millisecond is not spent spinning.
      const std::int64_t wait = absl::ToInt64Milliseconds(std::min(left, absl::Hours(1))) + 1;
      const int ready = poll(&entry, 1, static_cast<int>(wait));
      if (ready < 0 && errno != EINTR) return errno;
      if (ready > 0) return 0;
    }
  }

 private:
  int fd_ = -1;
  int error_ = 0;
};

std::string Silence(int error) {
  if (error == ETIMEDOUT) return "it did not answer in time";
  if (error == ECONNREFUSED) return "nothing listens there (connection refused)";
  return ErrorText(error);
}

int PendingError(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

bool MustWait(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// Both move exactly `size` bytes; 0 when done, else the error (ECONNRESET for an early end).
int WriteAll(const Socket& socket,
             const std::uint8_t* bytes,
             std::size_t size,
             absl::Time deadline) {
  while (size > 0) {
    if (const int error = socket.Wait(POLLOUT, deadline); error != 0) return error;
    const ssize_t moved = send(socket.fd(), bytes, size, MSG_NOSIGNAL);
    if (moved < 0 && !MustWait(errno)) return errno;
    if (moved < 0) continue;
    bytes += moved;
    size -= static_cast<std::size_t>(moved);
  }
  return 0;
}

int ReadAll(const Socket& socket, std::uint8_t* bytes, std::size_t size, absl::Time deadline) {
  while (size > 0) {
    if (const int error = socket.Wait(POLLIN, deadline); error != 0) return error;
    const ssize_t moved = recv(socket.fd(), bytes, size, 0);
    if (moved == 0) return ECONNRESET;
    if (moved < 0 && !MustWait(errno)) return errno;
    if (moved < 0) continue;
    bytes += moved;
    size -= static_cast<std::size_t>(moved);
  }
  return 0;
}

int ReadMessage(const Socket& socket, Bytes& message, absl::Time deadline) {
  std::uint8_t length[2];
  if (const int error = ReadAll(socket, length, sizeof length, deadline); error != 0) return error;
  message.resize(static_cast<std::size_t>(length[0] << 8 | length[1]));
  return ReadAll(socket, message.data(), message.size(), deadline);
}

}  // namespace

Delivery ExchangeDatagrams(const Endpoint& server,
                           const Bytes& message,
                           absl::Time deadline,
                           const Accept& accept) {
  Delivery delivery;
  const Socket socket(server, SOCK_DGRAM);
  int error = socket.error();
  if (error == 0 && send(socket.fd(), message.data(), message.size(), MSG_NOSIGNAL) < 0) {
    error = errno;
  }
  delivery.sent = error == 0;
  Bytes answer(kLargestMessage);
  while (error == 0) {
    error = socket.Wait(POLLIN, deadline);
    if (error != 0) break;
    const ssize_t size = recv(socket.fd(), answer.data(), answer.size(), 0);
    if (size < 0 && MustWait(errno)) continue;
    if (size < 0) {
      error = errno;
      // An ICMP answer: the datagram reached a host where nobody took it.
      if (error == ECONNREFUSED) delivery.sent = false;
      break;
    }
    if (accept(Bytes(answer.begin(), answer.begin() + size))) {
      delivery.accepted = true;
      return delivery;
    }
  }
  delivery.problem = Silence(error);
  return delivery;
}

Delivery ExchangeStream(const Endpoint& server,
                        const Bytes& message,
                        absl::Time deadline,
                        const Accept& accept) {
  Delivery delivery;
  const Socket socket(server, SOCK_STREAM);
  int error = socket.error();
  if (error == 0) error = socket.Wait(POLLOUT, deadline);
  if (error == 0) error = PendingError(socket.fd());
  if (error == 0) {
    Bytes framed{static_cast<std::uint8_t>(message.size() >> 8),
                 static_cast<std::uint8_t>(message.size() & 0xff)};
    framed.insert(framed.end(), message.begin(), message.end());
    error = WriteAll(socket, framed.data(), framed.size(), deadline);
    delivery.sent = error == 0;
  }
  Bytes answer;
  while (error == 0) {
    error = ReadMessage(socket, answer, deadline);
    if (error == 0 && accept(answer)) {
      delivery.accepted = true;
      return delivery;
    }
  }
  delivery.problem = "over TCP: " + Silence(error);
  return delivery;
}

}  // namespace poolshift::dns
