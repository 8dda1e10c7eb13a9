#include "controller/policy/coverage.h"

#include <map>

namespace poolshift {
namespace {

// The id says which change of which resource (MakeActionId).
bool IsSame(const Action& a, const Action& b) {
  return a.provider == b.provider && a.human == b.human && a.commands == b.commands &&
         a.also == b.also && a.modes == b.modes && (a.needs_approval || !b.needs_approval);
}

}  // namespace

std::vector<const Action*> NotCovered(const Plan& approved, const Plan& rest) {
  std::map<ActionId, const Action*> known;
  for (const Action& action : approved.actions)
    known.emplace(action.id, &action);
  std::vector<const Action*> missing;
  for (const Action& action : rest.actions) {
    if (action.verb == Verb::kGate) continue;
    const auto found = known.find(action.id);
    if (found == known.end() || !IsSame(*found->second, action)) missing.push_back(&action);
  }
  return missing;
}

}  // namespace poolshift
