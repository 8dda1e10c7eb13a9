// Ideals: every state that a plan's order allows: any interleaving, any crash, any lost reply.
#pragma once

#include <functional>

#include "tests/referee/puzzle.h"

namespace referee {

struct Ideals {
  std::int64_t count = 0;
  std::int64_t unsafe = 0;  // reached by a step that could not be made there, or breaks a rule
  bool complete = true;     // false: more than the cap
  bool at_goal = false;     // all steps done leads to the goal
};

// Calls `visit` with every state once per ideal.
Ideals LookAtIdeals(const Puzzle& puzzle,
                    const Plan& plan,
                    std::int64_t cap,
                    const std::function<void(const State&)>& visit);

// Along the order alone, milliseconds.
std::int64_t CriticalPath(const Puzzle& puzzle, const Plan& plan);
int CostOf(const Puzzle& puzzle, const Plan& plan);

}  // namespace referee
