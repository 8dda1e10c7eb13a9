// RunEvents: what the threads of a run tell its loop. Thread-safe; shared, so that a call that was
// not waited for still has somewhere to speak.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/time/time.h"

#include "controller/engine/errands.h"

namespace poolshift {

class RunEvents {
 public:
  using Item = Errands::Item;

  void Push(Item item) {
    const std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    arrived_.notify_one();
  }

  // The next item, or nothing when none has come within `patience`.
  std::optional<Item> Pop(absl::Duration patience) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(
        lock, absl::ToChronoNanoseconds(patience), [this] { return !items_.empty(); });
    if (items_.empty()) return std::nullopt;
    Item item = std::move(items_.front());
    items_.pop_front();
    return item;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Item> items_;
};

}  // namespace poolshift
