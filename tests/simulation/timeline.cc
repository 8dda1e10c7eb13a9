#include "tests/simulation/timeline.h"

#include <algorithm>

namespace poolshift::simulation {

std::uint64_t Stream::Next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t word = state_;
  word = (word ^ (word >> 30U)) * 0xBF58476D1CE4E5B9U;
  word = (word ^ (word >> 27U)) * 0x94D049BB133111EBU;
  return word ^ (word >> 31U);
}

absl::Duration Stream::Between(absl::Duration least, absl::Duration most) {
  const auto span = static_cast<std::uint64_t>(absl::ToInt64Microseconds(most - least));
  return least + absl::Microseconds(static_cast<std::int64_t>(Below(span + 1)));
}

void Timeline::At(absl::Duration when, std::function<void()> what) {
  events_.emplace(std::pair(std::max(when, now_), order_.Next()), std::move(what));
}

bool Timeline::Advance() {
  if (events_.empty()) return false;
  auto next = events_.extract(events_.begin());
  now_ = next.key().first;
  ++happened_;
  next.mapped()();
  return true;
}

}  // namespace poolshift::simulation
