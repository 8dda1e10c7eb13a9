#include "controller/plan/index.h"

#include <algorithm>

namespace poolshift::plan {

namespace {

Rows<int> OperatorsOf(const PlanningProblem& problem) {
  std::vector<std::pair<std::size_t, int>> entries;
  for (std::size_t i = 0; i < problem.operators.size(); ++i) {
    for (const Effect& effect : problem.operators[i].effects)
      entries.emplace_back(static_cast<std::size_t>(effect.variable), static_cast<int>(i));
  }
  return {problem.variables.size(), entries};
}

Rows<Occurrence> ClausesOf(const PlanningProblem& problem) {
  std::vector<std::pair<std::size_t, Occurrence>> entries;
  for (int i = 0; i < static_cast<int>(problem.clauses.size()); ++i) {
    const std::vector<Literal>& literals = problem.clauses[static_cast<std::size_t>(i)].literals;
    for (int j = 0; j < static_cast<int>(literals.size()); ++j) {
      const VariableIndex variable = literals[static_cast<std::size_t>(j)].variable;
      entries.emplace_back(static_cast<std::size_t>(variable), Occurrence{i, j});
    }
  }
  return {problem.variables.size(), entries};
}

}  // namespace

Index::Index(const PlanningProblem& problem)
    : operators(OperatorsOf(problem)), clauses(ClausesOf(problem)) {
  const State start = StartState(problem);
  for (const Clause& clause : problem.clauses) {
    const int count = CountHolding(clause, start);
    holding.push_back(count);
    broken.push_back(count < clause.at_least || count > clause.at_most);
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
