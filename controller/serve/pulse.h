// Pulse: whether the loop still turns, for who watches the process (systemd's WatchdogSec). Written
// by the thread of the loop, read by another.
#pragma once

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"

namespace poolshift {

class Pulse {
 public:
  // A look at the world answers, or is given up, long before: every call of it has a limit.
  static constexpr absl::Duration kLongestRound = absl::Minutes(10);

  void BeginRound(absl::Duration elapsed) { since_ = absl::ToInt64Milliseconds(elapsed); }
  void EndRound() { since_ = kResting; }
  // `running`: a plan is being carried out, which takes as long as its gates and people do.
  bool Beats(absl::Duration elapsed, bool running) const {
    const std::int64_t since = since_;
    return running || since == kResting || elapsed - absl::Milliseconds(since) < kLongestRound;
  }

 private:
  static constexpr std::int64_t kResting = -1;
  std::atomic<std::int64_t> since_ = kResting;
};

}  // namespace poolshift
