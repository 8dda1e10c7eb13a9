// Quickest: the least time of one puzzle between one start and one goal, by exhaustive search, and
// the fewest actions of the plans that take so little.
#pragma once

#include "tests/referee/optimum.h"
#include "tests/referee/puzzle.h"

namespace referee {

// Of every set of moves that can be made one after the other from start to goal, each once: the
// longest chain in which each comes after the one before it in every order of the set; the
// shortest of these chains, then the cheapest set. Undecided when there are more states than `cap`,
// or too many sets.
Optimum FindQuickest(const Puzzle& puzzle, const Plan& asked, std::int64_t cap);

}  // namespace referee
