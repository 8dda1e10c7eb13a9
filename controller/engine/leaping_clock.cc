#include "controller/engine/leaping_clock.h"

#include <algorithm>

namespace poolshift {
namespace {

// What takes the simulated platform longer than this will not happen by itself: then a gate looks
// seldom until it gives up.
constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr absl::Duration kLeap = absl::Seconds(30);

}  // namespace

absl::Status LeapingClock::Begin() {
  const std::lock_guard lock(mutex_);
  return Write();
}

absl::Time LeapingClock::Now() const {
  const std::lock_guard lock(mutex_);
  return begin_ + elapsed_;
}

absl::Duration LeapingClock::Elapsed() const {
  const std::lock_guard lock(mutex_);
  return elapsed_;
}

void LeapingClock::Sleep(absl::Duration duration) {
  const std::lock_guard lock(mutex_);
  absl::Duration leap = duration;
  if (elapsed_ - stirred_at_ > kPatience) leap = std::max(leap, kLeap);
  elapsed_ += absl::Ceil(leap, absl::Milliseconds(1));
  // Without it the platform would only be behind: a gate would time out, and the run say so.
  Write().IgnoreError();
}

void LeapingClock::Stirred() {
  const std::lock_guard lock(mutex_);
  stirred_at_ = elapsed_;
}

absl::Status LeapingClock::Write() const {
  return files_.Replace(file_,
                        std::to_string(absl::ToUnixMillis(begin_ + elapsed_)) + '\n',
                        /*mode=*/0600);
}

}  // namespace poolshift
