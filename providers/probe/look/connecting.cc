#include "providers/probe/look/connecting.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>

#include "absl/time/clock.h"

#include "fmt/format.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace poolshift::probe {
namespace {

struct ErrorMeaning {
  int error;
  State at_once;  // connect(2) returned it
  State later;    // SO_ERROR told it
  const char* name;
  const char* evidence;  // of `later`
};

constexpr ErrorMeaning kMeanings[] = {
    {ECONNREFUSED, State::kRefused, State::kRefused, "ECONNREFUSED", "the port is closed"},
    {ECONNRESET, State::kRefused, State::kRefused, "ECONNRESET", "the connection was reset"},
    {ETIMEDOUT, State::kFiltered, State::kFiltered, "ETIMEDOUT", "no answer"},
    {EHOSTUNREACH,
     State::kBlind,
     State::kUnreachable,
     "EHOSTUNREACH",
     "nobody answers for the address, or a firewall on the way forbids it"},
    {ENETUNREACH, State::kBlind, State::kUnreachable, "ENETUNREACH", "a router has no way there"},
    {EHOSTDOWN, State::kBlind, State::kUnreachable, "EHOSTDOWN", "a router knows no such host"},
    {ENONET, State::kBlind, State::kUnreachable, "ENONET", "a router says that it is isolated"},
    {ENOPROTOOPT, State::kBlind, State::kUnreachable, "ENOPROTOOPT", "the host speaks no TCP"},
    {EOPNOTSUPP, State::kBlind, State::kUnreachable, "EOPNOTSUPP", "a router refuses the route"},
    // ICMPv6 "administratively prohibited"; at once: a rule of this machine.
    {EACCES, State::kBlind, State::kUnreachable, "EACCES", "a firewall on the way forbids it"},
    {EPERM, State::kBlind, State::kBlind, "EPERM", "a rule of the vantage forbids it"},
    {ENETDOWN, State::kBlind, State::kBlind, "ENETDOWN", "the vantage's network is down"},
    {EADDRNOTAVAIL, State::kBlind, State::kBlind, "EADDRNOTAVAIL", "the vantage has no port free"},
    {EAFNOSUPPORT,
     State::kBlind,
     State::kBlind,
     "EAFNOSUPPORT",
     "the vantage does not speak this version of IP"},
    {EMFILE, State::kBlind, State::kBlind, "EMFILE", "the vantage has too many files open"},
    {ENFILE, State::kBlind, State::kBlind, "ENFILE", "the vantage has too many files open"},
    {ENOBUFS, State::kBlind, State::kBlind, "ENOBUFS", "the vantage has no memory left"},
    {ENOMEM, State::kBlind, State::kBlind, "ENOMEM", "the vantage has no memory left"},
};

const ErrorMeaning* MeaningOf(int error) {
  const auto* const found =
      std::find_if(std::begin(kMeanings), std::end(kMeanings), [&](const ErrorMeaning& each) {
        return each.error == error;
      });
  return found == std::end(kMeanings) ? nullptr : found;
}

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

bool ReadAddress(std::string_view text, int port, Address& address) {
  const std::string written(text);
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET, written.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(static_cast<std::uint16_t>(port));
    address.size = sizeof *v4;
  } else if (inet_pton(AF_INET6, written.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(static_cast<std::uint16_t>(port));
    address.size = sizeof *v6;
  }
  return address.size != 0;
}

Connection Failed(State state, std::string evidence) {
  Connection connection;
  connection.verdict = {state, std::move(evidence)};
  return connection;
}

Connection FailedBy(int error, bool at_once) {
  Connection connection;
  connection.verdict = OfError(error, at_once);
  return connection;
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this == &other) return *this;
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = other.Release();
  return *this;
}

Socket::~Socket() {
  if (descriptor_ >= 0) close(descriptor_);
}

int Socket::Release() {
  const int released = descriptor_;
  descriptor_ = -1;
  return released;
}

std::string ErrnoName(int error) {
  const ErrorMeaning* meaning = MeaningOf(error);
  return meaning == nullptr ? fmt::format("errno {}", error) : meaning->name;
}

Verdict OfError(int error, bool at_once) {
  const ErrorMeaning* meaning = MeaningOf(error);
  if (meaning == nullptr) return {State::kBlind, ErrnoName(error)};
  const State state = at_once ? meaning->at_once : meaning->later;
  // What the table says of the world does not hold when nothing was sent.
  const bool here = state == State::kBlind && meaning->later != State::kBlind;
  return {state,
          fmt::format(
              "{}: {}", meaning->name, here ? "the vantage has no way there" : meaning->evidence)};
}

Connection Connect(std::string_view address, int port, absl::Time give_up, bool cut_short) {
  Address target;
  if (!ReadAddress(address, port, target)) return Failed(State::kBlind, "it is no IP address");
  Socket socket(::socket(target.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return FailedBy(errno, true);
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&target.storage), target.size) != 0) {
    if (errno != EINPROGRESS) return FailedBy(errno, true);
    if (!WaitFor(socket.get(), POLLOUT, give_up)) {
      return cut_short ? Failed(State::kBlind, "there was no time left to wait for an answer")
                       : Failed(State::kFiltered, "no answer to SYN within the patience");
    }
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return FailedBy(error, false);
  }
  Connection connection;
  connection.verdict.state = State::kOpen;
  connection.socket = std::move(socket);
  return connection;
}

bool WaitFor(int descriptor, short events, absl::Time deadline) {
  for (;;) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) return false;
    pollfd waited{descriptor, events, 0};
    const auto milliseconds =
        static_cast<int>(std::min<std::int64_t>(absl::ToInt64Milliseconds(left) + 1, 60'000));
    const int ready = poll(&waited, 1, milliseconds);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR && errno != EAGAIN) return false;
  }
}

std::string LocalPlace(int descriptor) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&storage), &size) != 0)
    return "0.0.0.0:0";
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (storage.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&storage);
    inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
    return Place(text.data(), ntohs(v4->sin_port));
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&storage);
  inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
  return Place(text.data(), ntohs(v6->sin6_port));
}

}  // namespace poolshift::probe
