#include "controller/plan/index.h"

#include <algorithm>

namespace poolshift::plan {

Index::Index(const PlanningProblem& problem)
    : operators(problem.variables.size()), clauses(problem.variables.size()) {
  for (int i = 0; i < static_cast<int>(problem.operators.size()); ++i) {
    for (const Effect& effect : problem.operators[static_cast<std::size_t>(i)].effects) {
      operators[static_cast<std::size_t>(effect.variable)].push_back(i);
    }
  }
  const State start = StartState(problem);
  for (int i = 0; i < static_cast<int>(problem.clauses.size()); ++i) {
    const Clause& clause = problem.clauses[static_cast<std::size_t>(i)];
    for (int j = 0; j < static_cast<int>(clause.literals.size()); ++j) {
      const Literal& literal = clause.literals[static_cast<std::size_t>(j)];
      clauses[static_cast<std::size_t>(literal.variable)].push_back({i, j});
    }
    broken.push_back(!Holds(clause, start));
  }
}

State StartState(const PlanningProblem& problem) {
  State state;
  state.reserve(problem.variables.size());
  for (const Variable& variable : problem.variables)
    state.push_back(variable.start);
  return state;
}

bool Holds(const Literal& literal, ValueIndex value) {
  return std::find(literal.values.begin(), literal.values.end(), value) != literal.values.end();
}

int CountHolding(const Clause& clause, const State& state) {
  int holding = 0;
  for (const Literal& literal : clause.literals) {
    holding += Holds(literal, state[static_cast<std::size_t>(literal.variable)]) ? 1 : 0;
  }
  return holding;
}

bool Holds(const Clause& clause, const State& state) {
  const int holding = CountHolding(clause, state);
  return holding >= clause.at_least && holding <= clause.at_most;
}

bool StaysAllowed(const Clause& clause, int before, int after) {
  if (after < clause.at_least) return before < clause.at_least && after >= before;
  if (after > clause.at_most) return before > clause.at_most && after <= before;
  return true;
}

bool IsApplicable(const Operator& step, const State& state) {
  return std::all_of(step.effects.begin(),
                     step.effects.end(),
                     [&](const Effect& effect) {
                       return state[static_cast<std::size_t>(effect.variable)] == effect.from;
                     }) &&
         std::all_of(
             step.preconditions.begin(), step.preconditions.end(), [&](const Literal& needed) {
               return Holds(needed, state[static_cast<std::size_t>(needed.variable)]);
             });
}

void ApplyEffects(const Operator& step, State& state) {
  for (const Effect& effect : step.effects)
    state[static_cast<std::size_t>(effect.variable)] = effect.to;
}

bool ReachesGoal(const PlanningProblem& problem, const State& state) {
  for (std::size_t i = 0; i < problem.variables.size(); ++i) {
    if (problem.variables[i].goal >= 0 && state[i] != problem.variables[i].goal) return false;
  }
  return true;
}

}  // namespace poolshift::plan
