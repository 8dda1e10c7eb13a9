// Timeline: virtual time, and what happens next. Time leaps from event to event; of several events
// at one time the seed picks the order.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "absl/time/time.h"

namespace poolshift::simulation {

// A stream of numbers from a seed (SplitMix64): the same everywhere, and cheap to begin.
class Stream {
 public:
  explicit Stream(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next();
  // 0 <= result < sides.
  std::uint64_t Below(std::uint64_t sides) { return sides == 0 ? 0 : Next() % sides; }
  bool Percent(std::uint64_t chance) { return Below(100) < chance; }
  absl::Duration Between(absl::Duration least, absl::Duration most);

 private:
  std::uint64_t state_;
};

class Timeline {
 public:
  explicit Timeline(std::uint64_t seed) : order_(seed) {}

  absl::Duration now() const { return now_; }
  void At(absl::Duration when, std::function<void()> what);
  void After(absl::Duration delay, std::function<void()> what) {
    At(now_ + delay, std::move(what));
  }
  // Lets the next event happen. False when there is none.
  bool Advance();
  std::int64_t happened() const { return happened_; }
  // Drops everything that was to come.
  void Clear() { events_.clear(); }

 private:
  Stream order_;
  absl::Duration now_ = absl::ZeroDuration();
  std::int64_t happened_ = 0;
  std::multimap<std::pair<absl::Duration, std::uint64_t>, std::function<void()>> events_;
};

}  // namespace poolshift::simulation
