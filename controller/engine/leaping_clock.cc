#include "controller/engine/leaping_clock.h"

#include <algorithm>
#include <cstdint>

namespace poolshift {
namespace {

// What takes the simulated platform longer than this will not happen by itself.
constexpr absl::Duration kPatience = absl::Seconds(2);
// Between leaps a gate looks at least once.
constexpr absl::Duration kPause = absl::Milliseconds(100);
constexpr absl::Duration kLeap = absl::Seconds(30);

}  // namespace

absl::Time LeapingClock::Now() const {
  const std::lock_guard lock(mutex_);
  return real_.Now() + ahead_;
}

absl::Duration LeapingClock::Elapsed() const {
  const std::lock_guard lock(mutex_);
  LeapIfIdle();
  return Here();
}

void LeapingClock::Sleep(absl::Duration duration) {
  RealClock().Sleep(duration);  // nobody in a run sleeps; a short one is not worth a leap
}

void LeapingClock::Started(const Action& action) {
  const std::lock_guard lock(mutex_);
  Waiting waiting;
  waiting.is_gate = action.gate.has_value();
  if (waiting.is_gate) waiting.until = Here() + action.gate->hold;
  running_[action.id] = waiting;
  stirred_at_ = real_.Elapsed();
}

void LeapingClock::Stirred() {
  const std::lock_guard lock(mutex_);
  stirred_at_ = real_.Elapsed();
}

void LeapingClock::Ended(const Action& action) {
  const std::lock_guard lock(mutex_);
  running_.erase(action.id);
  stirred_at_ = real_.Elapsed();
}

void LeapingClock::LeapIfIdle() const {
  if (running_.empty()) return;
  absl::Duration hold = absl::InfiniteDuration();
  for (const auto& [id, waiting] : running_) {
    if (!waiting.is_gate) return;  // somebody works
    hold = std::min(hold, waiting.until - Here());
  }
  const absl::Duration now = real_.Elapsed();
  absl::Duration leap;
  if (hold > absl::ZeroDuration()) {
    leap = hold;
  } else if (now - stirred_at_ > kPatience && now - leapt_at_ > kPause) {
    leap = kLeap;
  } else {
    return;
  }
  ahead_ += absl::Ceil(leap, absl::Milliseconds(1));
  leapt_at_ = now;
  // Without it the platform would only be behind: a gate would time out, and the run say so.
  files_.Replace(file_, std::to_string(absl::ToInt64Milliseconds(ahead_)) + '\n', /*mode=*/0600)
      .IgnoreError();
}

}  // namespace poolshift
