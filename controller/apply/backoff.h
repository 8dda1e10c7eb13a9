// Backoff: how long to wait before the next attempt. Bounded exponential, with jitter that is a
// function of a seed, so that a run can be repeated exactly.
#pragma once

#include <cstdint>

#include "absl/time/time.h"

namespace poolshift {

struct Backoff {
  absl::Duration first = absl::Seconds(1);
  absl::Duration longest = absl::Seconds(30);
  std::uint64_t seed = 0;
};

// The wait after `attempt` attempts (1, 2, …) of piece `index`: first * 2^(attempt-1), at most
// `longest`, of which the second half is drawn evenly from the seed.
absl::Duration WaitAfter(const Backoff& backoff, int index, int attempt);

}  // namespace poolshift
