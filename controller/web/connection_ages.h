// ConnectionAges: ends connections that are older than anybody needs. libmicrohttpd ends those that
// are silent; who says a letter now and then would keep a place for good. Thread-safe.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "absl/time/time.h"

#include "controller/world/clock.h"

namespace poolshift {

class ConnectionAges {
 public:
  // `clock` is borrowed. Looks once a second, on a thread of its own, while there are any.
  ConnectionAges(const Clock& clock, absl::Duration oldest);
  ~ConnectionAges();
  ConnectionAges(const ConnectionAges&) = delete;
  ConnectionAges& operator=(const ConnectionAges&) = delete;

  // `socket` is somebody else's, who calls Ended before closing it.
  void Began(int socket);
  void Ended(int socket);

 private:
  void Watch();

  const Clock& clock_;
  const absl::Duration oldest_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<int, absl::Duration> began_;  // by socket, in Clock::Elapsed
  bool over_ = false;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace poolshift
