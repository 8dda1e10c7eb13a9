#include "controller/engine/waits.h"

#include <algorithm>

#include "controller/federation/state_words.h"
#include "controller/plan/objection.h"

namespace poolshift {
namespace {

std::size_t PlaceOf(const Plan& plan, const ActionId& id) {
  const auto found = std::find_if(plan.actions.begin(),
                                  plan.actions.end(),
                                  [&](const Action& action) { return action.id == id; });
  return static_cast<std::size_t>(found - plan.actions.begin());
}

std::vector<std::string> InWords(const std::vector<std::string>& states) {
  std::vector<std::string> words;
  for (const std::string& state : states)
    words.push_back(StateInWords(state));
  return words;
}

}  // namespace

std::vector<Wait> WaitsBetween(const Plan& plan,
                               const Reasoning& reasoning,
                               const ActionId& earlier,
                               const ActionId& later) {
  const std::size_t from = PlaceOf(plan, earlier);
  const std::size_t to = PlaceOf(plan, later);
  std::vector<Wait> waits;
  if (from >= reasoning.steps.size() || to >= reasoning.steps.size()) return waits;
  for (plan::Objection& objection :
       plan::ObjectionsBetween(reasoning.problem, reasoning.steps, reasoning.needs, from, to)) {
    waits.push_back({plan.actions[objection.earlier].id,
                     plan.actions[objection.later].id,
                     std::move(objection.rule),
                     InWords(objection.state)});
  }
  return waits;
}

}  // namespace poolshift
