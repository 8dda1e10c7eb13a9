#include "controller/daemon/acceptor.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "controller/world/system_error.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

namespace poolshift {

absl::StatusOr<std::unique_ptr<Acceptor>> Acceptor::Start(Descriptor listening, Take take) {
  std::array<int, 2> stop{};
  if (::pipe2(stop.data(), O_CLOEXEC) != 0) return SystemError("cannot make a pipe", errno);
  return std::unique_ptr<Acceptor>(new Acceptor(
      std::move(listening), Descriptor(stop[0]), Descriptor(stop[1]), std::move(take)));
}

Acceptor::Acceptor(Descriptor listening, Descriptor stop_read, Descriptor stop_write, Take take)
    : listening_(std::move(listening)),
      stop_read_(std::move(stop_read)),
      stop_write_(std::move(stop_write)),
      take_(std::move(take)),
      thread_([this] { Accept(); }) {}

Acceptor::~Acceptor() {
  stop_write_.Close();
  thread_.join();
}

bool Acceptor::StopsWithin(int milliseconds) {
  std::array<pollfd, 2> waits = {
      {{stop_read_.number(), POLLIN, 0}, {listening_.number(), POLLIN, 0}}};
  const nfds_t both = milliseconds < 0 ? waits.size() : 1;
  if (::poll(waits.data(), both, milliseconds) < 0 && errno != EINTR)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // no memory now; later perhaps
  return waits[0].revents != 0;
}

void Acceptor::Accept() {
  constexpr int kPause = 100;  // a connection that nobody can take stays ready: no endless turning
  while (!StopsWithin(-1)) {
    Descriptor connection(
        ::accept4(listening_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (connection.is_open())
      take_(std::move(connection));
    else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED && StopsWithin(kPause))
      return;
  }
}

}  // namespace poolshift
