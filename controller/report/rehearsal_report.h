// What a rehearsal has shown: the states that the plan passes, and whether the rules held in each.
#pragma once

#include <string>
#include <vector>

#include "controller/federation/standing.h"
#include "controller/model/plan.h"
#include "controller/report/style.h"

namespace poolshift {

struct PassedState {
  ActionId after;   // "": the state that was observed
  std::string end;  // "done", "failed": of that action
  Standing standing;
};

// Rules that a state breaks and that the first one kept: what was broken before is repaired in
// steps.
std::vector<std::string> BrokenAnew(const std::vector<PassedState>& states, std::size_t state);

// True when no state breaks a rule that the first one kept.
bool RulesHeld(const std::vector<PassedState>& states);

// The first state in full, then after each step what has changed.
std::string StatesText(const Plan& plan,
                       const std::vector<PassedState>& states,
                       const Style& style);

}  // namespace poolshift
