// Small planning problems in few words, for tests.
#pragma once

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "controller/model/problem.h"

namespace poolshift::plan {

inline VariableIndex AddVariable(PlanningProblem& problem, std::string name, int values, int goal) {
  Variable variable;
  variable.name = std::move(name);
  for (int i = 0; i < values; ++i)
    variable.values.push_back(std::to_string(i));
  variable.goal = static_cast<ValueIndex>(goal);
  problem.variables.push_back(std::move(variable));
  return static_cast<VariableIndex>(problem.variables.size() - 1);
}

inline int AddOperator(PlanningProblem& problem,
                       std::string title,
                       std::vector<Effect> effects,
                       int cost = 1) {
  Operator step;
  step.action.title = title;
  step.action.target = {"Thing", std::move(title)};
  step.effects = std::move(effects);
  step.cost = cost;
  problem.operators.push_back(std::move(step));
  return static_cast<int>(problem.operators.size()) - 1;
}

inline void AddClause(PlanningProblem& problem,
                      std::string rule,
                      std::vector<Literal> literals,
                      int at_least,
                      int at_most = INT32_MAX) {
  problem.clauses.push_back({{std::move(rule), "", ""}, std::move(literals), at_least, at_most});
}

// A problem with up to five variables of up to three values, operators with one or two effects and
// sometimes a precondition, and clauses, which hold at the start unless `broken_start`. Not always
// solvable.
PlanningProblem RandomProblem(std::mt19937_64& random, bool broken_start = false);

}  // namespace poolshift::plan
