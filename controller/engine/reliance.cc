#include "controller/engine/reliance.h"

#include <algorithm>
#include <map>
#include <optional>

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

namespace {

// By variable: the places of the steps that change it, and of the one gate that moves it if what
// that saw grows old.
struct Movers {
  std::vector<std::vector<int>> changes;
  std::vector<int> gate;  // -1: none
};

Movers MoversOf(const PlanningProblem& problem, const std::vector<int>& steps) {
  Movers movers{std::vector<std::vector<int>>(problem.variables.size()),
                std::vector<int>(problem.variables.size(), -1)};
  for (std::size_t place = 0; place < steps.size(); ++place) {
    const Operator& step = problem.operators[static_cast<std::size_t>(steps[place])];
    const std::optional<Gate>& gate = step.action.gate;
    const bool ages = gate.has_value() && gate->evidence != absl::InfiniteDuration();
    for (const Effect& effect : step.effects) {
      const auto variable = static_cast<std::size_t>(effect.variable);
      if (ages) movers.gate[variable] = static_cast<int>(place);
      if (!gate.has_value()) movers.changes[variable].push_back(static_cast<int>(place));
    }
  }
  return movers;
}

}  // namespace

std::vector<std::vector<int>> GatesReliedOn(const PlanningProblem& problem,
                                            const std::vector<int>& steps) {
  const Movers movers = MoversOf(problem, steps);
  std::vector<std::vector<int>> relied(steps.size());
  const auto join = [&](int place, VariableIndex seen) {
    const int gate = movers.gate[static_cast<std::size_t>(seen)];
    if (gate >= 0 && gate < place) relied[static_cast<std::size_t>(place)].push_back(gate);
  };
  for (const Clause& clause : problem.clauses) {
    if (clause.literals.size() != 2) continue;
    const VariableIndex one = clause.literals[0].variable, other = clause.literals[1].variable;
    for (const int place : movers.changes[static_cast<std::size_t>(one)])
      join(place, other);
    for (const int place : movers.changes[static_cast<std::size_t>(other)])
      join(place, one);
  }
  for (std::size_t place = 0; place < steps.size(); ++place) {
    const Operator& step = problem.operators[static_cast<std::size_t>(steps[place])];
    if (step.action.gate.has_value()) continue;
    for (const Literal& needed : step.preconditions)
      join(static_cast<int>(place), needed.variable);
  }
  for (std::vector<int>& gates : relied) {
    std::sort(gates.begin(), gates.end());
    gates.erase(std::unique(gates.begin(), gates.end()), gates.end());
  }
  return relied;
}

}  // namespace poolshift
