// Exhaustive: every moment at which a controller can die, in every plan over a small `core`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/simulation/fault.h"

namespace poolshift::simulation {

struct Sweep {
  std::int64_t pairs = 0;    // of a start and a goal
  std::int64_t actions = 0;  // of all their plans
  std::int64_t runs = 0;     // with a crash
  Coverage coverage;
  std::vector<std::string> wrongs;  // with what reproduces each; it stops at the first
};

// One crash at each moment of each pair whose number leaves `offset` when divided by `every`.
Sweep CrashEverywhere(int pools, int front_ends, std::int64_t every, std::int64_t offset);

// For that many plans spread over all pairs: a crash at each moment, and another at each moment of
// what follows. Of the plans, those whose place leaves `offset` when divided by `every`.
Sweep CrashTwiceEverywhere(
    int pools, int front_ends, std::int64_t plans, std::int64_t every = 1, std::int64_t offset = 0);

// One of them again, with its trace.
std::string ShowCrash(int pools,
                      int front_ends,
                      std::int64_t pair,
                      const std::vector<std::int64_t>& at);

}  // namespace poolshift::simulation
