// Dice: numbers from a seed, the same everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace poolshift {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  // 0 <= result < sides. Not std::uniform_int_distribution: its results differ between libraries.
  std::size_t Below(std::size_t sides) { return static_cast<std::size_t>(engine_() % sides); }
  bool Percent(std::size_t chance) { return Below(100) < chance; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace poolshift
