// Notes: accounts for every step of the source pages that fit the situation: done as which action,
// moved, not needed, or corrected, with the fault of the page (domain.md §e). Nothing of a page is
// dropped without a word.
#pragma once

#include <vector>

#include "controller/federation/situation.h"
#include "controller/model/plan.h"

namespace poolshift {

// `actions` carry the steps that they answer in Action::sources.
std::vector<Note> AccountForPages(const Organization& organization,
                                  const std::vector<Move>& moves,
                                  const std::vector<Action>& actions);

}  // namespace poolshift
