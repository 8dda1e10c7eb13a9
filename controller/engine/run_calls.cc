#include "controller/engine/run_calls.h"

#include <algorithm>
#include <utility>

namespace poolshift {
namespace {

constexpr absl::Duration kInterruptionInterval =
    absl::Milliseconds(50);  // a signal handler can wake nobody

}  // namespace

void ThreadErrands::Post(std::function<void(const Tell& tell)> call) {
  pool_.Post([events = events_, call = std::move(call)] {
    call([&events](Item item) { events->Push(std::move(item)); });
  });
}

std::optional<Errands::Item> ThreadErrands::Next(absl::Duration patience) {
  return events_->Pop(std::min(patience, kInterruptionInterval));
}

void CallPool::Post(std::function<void()> call) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->closed) return;
  shared_->waiting.push_back(std::move(call));
  if (shared_->idle < static_cast<int>(shared_->waiting.size())) {
    ++shared_->idle;  // it will be, and must be counted before the next Post
    threads_.emplace_back([shared = shared_] { Work(shared); });
  }
  shared_->changed.notify_one();
}

void CallPool::Work(const std::shared_ptr<Shared>& shared) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->changed.wait(lock, [&] { return shared->closed || !shared->waiting.empty(); });
    if (shared->closed) break;
    const std::function<void()> call = std::move(shared->waiting.front());
    shared->waiting.pop_front();
    --shared->idle;
    ++shared->busy;
    lock.unlock();
    call();
    lock.lock();
    --shared->busy;
    ++shared->idle;
    shared->changed.notify_all();
  }
  --shared->idle;
}

int CallPool::Close(absl::Duration patience) {
  std::unique_lock lock(shared_->mutex);
  shared_->closed = true;
  shared_->waiting.clear();
  shared_->changed.notify_all();
  shared_->changed.wait_for(
      lock, absl::ToChronoNanoseconds(patience), [this] { return shared_->busy == 0; });
  const int left = shared_->busy;
  lock.unlock();
  for (std::jthread& thread : threads_) {
    if (left > 0) {
      thread.detach();
    } else if (thread.joinable()) {
      thread.join();
    }
  }
  threads_.clear();
  return left;
}

}  // namespace poolshift
