// RandomWorld: an organisation and a world for it, both made from one number. Most are plausible (a
// host that failed, a move half done, a restored pool); some are odd on purpose.
#pragma once

#include <cstdint>
#include <random>

#include "tests/federation/rehearsal.h"

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

Organization RandomOrganization(Dice& dice);

// `organization` is adjusted: a pool that lost its power is usually declared out of service.
Rehearsal RandomWorld(Organization& organization, Dice& dice);

}  // namespace poolshift
