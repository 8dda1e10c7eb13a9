#include "controller/engine/reliance.h"

#include <algorithm>
#include <map>

namespace poolshift {
namespace {

using Variables = std::vector<bool>;  // by index

bool Contains(const Variables& variables, VariableIndex variable) {
  return variables[static_cast<std::size_t>(variable)];
}

void Insert(VariableIndex variable, Variables& variables) {
  variables[static_cast<std::size_t>(variable)] = true;
}

Variables ChangedBy(const PlanningProblem& problem, const std::vector<int>& steps) {
  Variables changed(problem.variables.size());
  for (const int step : steps) {
    for (const Effect& effect : problem.operators[static_cast<std::size_t>(step)].effects)
      Insert(effect.variable, changed);
  }
  return changed;
}

void Join(const std::vector<Literal>& literals, Variables& joined) {
  for (const Literal& literal : literals)
    Insert(literal.variable, joined);
}

Variables JoinedTo(const Variables& changed,
                   const PlanningProblem& problem,
                   const std::vector<int>& steps) {
  Variables joined = changed;
  for (const Clause& clause : problem.clauses) {
    const bool touched =
        std::any_of(clause.literals.begin(), clause.literals.end(), [&](const Literal& literal) {
          return Contains(changed, literal.variable);
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
  auto last = can_change.end();           // the ways to change one resource mostly stand together
  for (const Operator& step : problem.operators) {
    if (step.action.gate.has_value()) continue;
    if (last == can_change.end() || last->first != step.action.target)
      last = can_change.try_emplace(step.action.target, false).first;
    bool& is_joined = last->second;
    for (const Effect& effect : step.effects)
      is_joined = is_joined || Contains(joined, effect.variable);
  }
  std::vector<ObservationKey> keys;
  for (const auto& [key, revision] : basis) {
    const auto found = can_change.find(key.id);
    if (found == can_change.end() || found->second) keys.push_back(key);
  }
  return keys;
}

}  // namespace poolshift
