#include "controller/engine/run_calls.h"

#include <utility>

namespace poolshift {

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
