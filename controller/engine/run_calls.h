// Errands on threads.
//
// CallPool: threads for provider calls. It grows while calls wait (a person may take hours over
// one) and never makes a call wait for another. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/time/time.h"

#include "controller/engine/errands.h"
#include "controller/engine/run_events.h"

namespace poolshift {

class CallPool {
 public:
  CallPool() : shared_(std::make_shared<Shared>()) {}
  ~CallPool() { Close(absl::ZeroDuration()); }

  void Post(std::function<void()> call);

  // Waits up to `patience` for what runs, drops what has not begun, and leaves the rest to itself.
  // Returns how many calls still run; they keep alive what they captured.
  int Close(absl::Duration patience);

 private:
  struct Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::function<void()>> waiting;
    int idle = 0;
    int busy = 0;
    bool closed = false;
  };
  static void Work(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
  std::vector<std::jthread> threads_;  // of the posting thread only
};

class ThreadErrands final : public Errands {
 public:
  void Post(std::function<void(const Tell& tell)> call) override;
  std::optional<Item> Next(absl::Duration patience) override;
  int Close(absl::Duration patience) override { return pool_.Close(patience); }

 private:
  // Shared, so that a call that was not waited for still has somewhere to speak.
  std::shared_ptr<RunEvents> events_ = std::make_shared<RunEvents>();
  CallPool pool_;
};

}  // namespace poolshift
