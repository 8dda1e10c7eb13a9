#include "controller/web/connection_ages.h"

#include <chrono>

#include <sys/socket.h>

namespace poolshift {

ConnectionAges::ConnectionAges(const Clock& clock, absl::Duration oldest)
    : clock_(clock), oldest_(oldest), thread_([this] { Watch(); }) {}

ConnectionAges::~ConnectionAges() {
  const std::lock_guard lock(mutex_);
  over_ = true;
  changed_.notify_all();
}

void ConnectionAges::Began(int socket) {
  const std::lock_guard lock(mutex_);
  began_[socket] = clock_.Elapsed();
  changed_.notify_all();
}

void ConnectionAges::Ended(int socket) {
  const std::lock_guard lock(mutex_);
  began_.erase(socket);
}

void ConnectionAges::Watch() {
  std::unique_lock lock(mutex_);
  while (!over_) {
    const absl::Duration now = clock_.Elapsed();
    // Its owner then reads the end, says Ended and closes it.
    for (const auto& [socket, began] : began_)
      if (now - began >= oldest_) ::shutdown(socket, SHUT_RDWR);
    if (began_.empty())
      changed_.wait(lock);
    else
      changed_.wait_for(lock, std::chrono::seconds(1));
  }
}

}  // namespace poolshift
