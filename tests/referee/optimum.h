// Optimum: the exact minimum of one puzzle between one start and one goal, by exhaustive search.
#pragma once

#include <cstdint>

#include "tests/referee/puzzle.h"

namespace referee {

struct Optimum {
  bool decided = false;  // false: more states than the cap
  bool exists = false;
  int cost = 0;
  // No plan of that cost takes less time, however many hands there are: for each set of moves that
  // makes such a plan, the longest chain of them in which each comes after the one before it in
  // every order; of these chains the shortest.
  std::int64_t milliseconds = 0;
  std::int64_t states = 0;
};

Optimum FindOptimum(const Puzzle& puzzle, const Plan& asked, std::int64_t cap);

}  // namespace referee
