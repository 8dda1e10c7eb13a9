#include "providers/xmpp/server/http.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/time/clock.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace poolshift::xmpp {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 20;

class Socket {
 public:
  explicit Socket(const std::string& path)
      : number_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    connected_ =
        ::connect(number_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Socket() { ::close(number_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool connected() const { return connected_; }
  bool Send(std::string_view bytes) const {
    return ::send(number_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  // Absent: not in time.
  std::optional<ssize_t> Receive(char* buffer, std::size_t size, absl::Time deadline) const {
    pollfd ready{number_, POLLIN, 0};
    const auto left = std::max<std::int64_t>(0, absl::ToInt64Milliseconds(deadline - absl::Now()));
    if (::poll(&ready, 1, static_cast<int>(std::min<std::int64_t>(left, 3600000))) <= 0)
      return std::nullopt;
    return ::recv(number_, buffer, size, 0);
  }

 private:
  const int number_;
  bool connected_ = false;
};

}  // namespace

absl::StatusOr<HttpAnswer> Post(const std::string& socket_path,
                                const std::string& host,
                                const std::string& path,
                                const std::string& json,
                                absl::Time deadline) {
  const Socket socket(socket_path);
  if (!socket.connected()) return absl::NotFoundError("the forwarded socket is gone");
  const std::string request =
      "POST " + path + " HTTP/1.0\r\nHost: " + host +
      "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) +
      "\r\nConnection: close\r\n\r\n" + json;
  if (!socket.Send(request)) return absl::NotFoundError("nobody answers there");
  std::string received;
  char buffer[16384];
  for (;;) {
    const auto got = socket.Receive(buffer, sizeof buffer, deadline);
    if (!got.has_value()) return absl::DeadlineExceededError("no answer came in time");
    if (*got <= 0) break;
    received.append(buffer, static_cast<std::size_t>(*got));
    if (received.size() > kLargest) return absl::UnknownError("the answer is too large");
  }
  // sshd closes at once what it cannot connect.
  if (received.empty()) return absl::NotFoundError("nobody answers there");
  return AnswerIn(received);
}

}  // namespace poolshift::xmpp
