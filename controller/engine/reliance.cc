#include "controller/engine/reliance.h"

#include <algorithm>
#include <map>
#include <set>

namespace poolshift {
namespace {

using Variables = std::set<VariableIndex>;

Variables ChangedBy(const PlanningProblem& problem, const std::vector<int>& steps) {
  Variables changed;
  for (const int step : steps) {
    for (const Effect& effect : problem.operators[static_cast<std::size_t>(step)].effects)
      changed.insert(effect.variable);
  }
  return changed;
}

void Join(const std::vector<Literal>& literals, Variables& joined) {
  for (const Literal& literal : literals)
    joined.insert(literal.variable);
}

Variables JoinedTo(const Variables& changed,
                   const PlanningProblem& problem,
                   const std::vector<int>& steps) {
  Variables joined = changed;
  for (const Clause& clause : problem.clauses) {
    const bool touched =
        std::any_of(clause.literals.begin(), clause.literals.end(), [&](const Literal& literal) {
          return changed.count(literal.variable) > 0;
        });
    if (touched) Join(clause.literals, joined);
  }
  for (const int step : steps)
    Join(problem.operators[static_cast<std::size_t>(step)].preconditions, joined);
  return joined;
}

}  // namespace

std::vector<ObservationKey> WhatItRestsOn(
    const PlanningProblem& problem,
    const std::vector<int>& steps,
    const std::vector<std::pair<ObservationKey, std::string>>& basis) {
  const Variables joined = JoinedTo(ChangedBy(problem, steps), problem, steps);
  std::map<ResourceId, bool> can_change;  // whether one of its variables is joined
  for (const Operator& step : problem.operators) {
    if (step.action.gate.has_value()) continue;
    bool& is_joined = can_change[step.action.target];
    for (const Effect& effect : step.effects)
      is_joined = is_joined || joined.count(effect.variable) > 0;
  }
  std::vector<ObservationKey> keys;
  for (const auto& [key, revision] : basis) {
    const auto found = can_change.find(key.id);
    if (found == can_change.end() || found->second) keys.push_back(key);
  }
  return keys;
}

}  // namespace poolshift
