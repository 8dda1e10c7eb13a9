// What a rehearsal has shown: the states that the plan passes, and whether the rules held in each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/federation/standing.h"
#include "controller/federation/supposition.h"
#include "controller/model/plan.h"
#include "controller/report/style.h"

namespace poolshift {

struct PassedState {
  ActionId after;                 // "": the state that was observed
  std::string end;                // "done", "failed": of that action
  std::vector<std::string> died;  // pools that lost their power as it was called
  Standing standing;
};

// Rules that a state breaks and that the first one kept: what was broken before is repaired in
// steps.
std::vector<std::string> BrokenAnew(const std::vector<PassedState>& states, std::size_t state);

// True when no state breaks a rule that the first one kept.
bool RulesHeld(const std::vector<PassedState>& states);

// What could be planned from where a rehearsal ended.
struct WayOn {
  Supposition dead;   // who is declared out of service for it; nobody: the manifests as they are
  Commit successors;  // who is declared in their place
  Plan plan;          // with refusals: there is none
};

// In which order the steps ended, and what that order was drawn from.
std::string OrderText(const Plan& plan,
                      const std::vector<PassedState>& states,
                      const std::optional<std::uint64_t>& seed,
                      const Style& style);

// For each, the steps, or why there is none.
std::string WaysOnText(const std::vector<WayOn>& ways, const Style& style);

// The first state in full, then after each step what has changed.
std::string StatesText(const Plan& plan,
                       const std::vector<PassedState>& states,
                       const Style& style);

}  // namespace poolshift
