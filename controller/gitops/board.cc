#include "controller/gitops/board.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace poolshift {
namespace {

constexpr std::size_t kMostLines = 10'000;
constexpr std::size_t kMostBytes = std::size_t{8} << 20U;  // a line may hold a whole plan

// Far enough, and still a time that a condition variable can add to now.
std::chrono::nanoseconds Patience(absl::Duration patience) {
  return absl::ToChronoNanoseconds(std::clamp(patience, absl::ZeroDuration(), absl::Hours(24)));
}

}  // namespace

std::shared_ptr<const Snapshot> Board::Current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

void Board::Put(std::shared_ptr<const Snapshot> snapshot) {
  const std::lock_guard lock(mutex_);
  current_ = std::move(snapshot);
  changed_.notify_all();
}

void Board::Say(std::string json) {
  const std::lock_guard lock(mutex_);
  bytes_ += json.size();
  lines_.push_back({++last_line_, std::move(json)});
  while (lines_.size() > kMostLines || (bytes_ > kMostBytes && lines_.size() > 1)) {
    bytes_ -= lines_.front().json.size();
    lines_.pop_front();
  }
  changed_.notify_all();
}

std::vector<RunLine> Board::LinesAfter(std::uint64_t number, absl::Duration patience) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, Patience(patience), [&] { return last_line_ > number || stopped_; });
  const auto first =
      std::ranges::find_if(lines_, [&](const RunLine& line) { return line.number > number; });
  return {first, lines_.end()};
}

void Board::Count(const ToldCount& told) {
  const std::lock_guard lock(mutex_);
  told_ = told;
}

ToldCount Board::told() const {
  const std::lock_guard lock(mutex_);
  return told_;
}

void Board::Wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

void Board::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

bool Board::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

void Board::WaitFor(absl::Duration patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, Patience(patience), [&] { return woken_ || stopped_; });
  woken_ = false;
}

std::shared_ptr<const Snapshot> Board::After(std::uint64_t round, absl::Duration patience) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, Patience(patience), [&] { return current_->round > round || stopped_; });
  return current_;
}

}  // namespace poolshift
