#include "controller/apply/backoff.h"

#include <algorithm>

namespace poolshift {
namespace {

// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
std::uint64_t Mix(std::uint64_t word) {
  word += 0x9E3779B97F4A7C15U;
  word = (word ^ (word >> 30U)) * 0xBF58476D1CE4E5B9U;
  word = (word ^ (word >> 27U)) * 0x94D049BB133111EBU;
  return word ^ (word >> 31U);
}

}  // namespace

absl::Duration WaitAfter(const Backoff& backoff, int index, int attempt) {
  absl::Duration whole = backoff.first;
  for (int i = 1; i < attempt && whole < backoff.longest; ++i)
    whole *= 2;
  whole = std::min(whole, backoff.longest);
  const std::uint64_t piece =
      Mix(static_cast<std::uint64_t>(index) * 1024U + static_cast<std::uint64_t>(attempt));
  constexpr std::uint64_t kParts = 1000;
  const auto part = static_cast<std::int64_t>(Mix(backoff.seed ^ piece) % (kParts + 1));
  return whole / 2 + whole / 2 * part / static_cast<std::int64_t>(kParts);
}

}  // namespace poolshift
