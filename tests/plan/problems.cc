#include "tests/plan/problems.h"

#include "controller/plan/index.h"

namespace poolshift::plan {
namespace {

int Pick(std::mt19937_64& random, int below) {
  return static_cast<int>(random() % static_cast<std::uint64_t>(below));
}

Literal RandomLiteral(const PlanningProblem& problem, std::mt19937_64& random) {
  const int variable = Pick(random, static_cast<int>(problem.variables.size()));
  const int values =
      static_cast<int>(problem.variables[static_cast<std::size_t>(variable)].values.size());
  Literal literal{variable, {}};
  for (int value = 0; value < values; ++value) {
    if (Pick(random, 2) == 0) literal.values.push_back(static_cast<ValueIndex>(value));
  }
  if (literal.values.empty())
    literal.values.push_back(static_cast<ValueIndex>(Pick(random, values)));
  return literal;
}

void AddRandomOperators(PlanningProblem& problem, std::mt19937_64& random) {
  const int variables = static_cast<int>(problem.variables.size());
  for (int variable = 0; variable < variables; ++variable) {
    const int values =
        static_cast<int>(problem.variables[static_cast<std::size_t>(variable)].values.size());
    for (int from = 0; from < values; ++from) {
      for (int to = 0; to < values; ++to) {
        if (from == to || Pick(random, 3) == 0) continue;
        const int step =
            AddOperator(problem,
                        "v" + std::to_string(variable) + std::to_string(from) + std::to_string(to),
                        {{variable, static_cast<ValueIndex>(from), static_cast<ValueIndex>(to)}},
                        Pick(random, 4) == 0 ? 0 : 1);
        Operator& added = problem.operators[static_cast<std::size_t>(step)];
        added.action.duration = absl::Seconds(1 + step % 4);
        if (step % 3 == 0) added.action.locks = {"lock"};
        if (Pick(random, 5) == 0) {
          const int other = (variable + 1) % variables;
          const auto size = problem.variables[static_cast<std::size_t>(other)].values.size();
          if (other != variable) {
            added.effects.push_back({other, 0, static_cast<ValueIndex>(size - 1)});
            continue;
          }
        }
        if (Pick(random, 4) == 0) added.preconditions.push_back(RandomLiteral(problem, random));
      }
    }
  }
}

}  // namespace

PlanningProblem RandomProblem(std::mt19937_64& random, bool broken_start) {
  PlanningProblem problem;
  const int variables = 2 + Pick(random, 4);
  for (int i = 0; i < variables; ++i) {
    const int values = 2 + Pick(random, 2);
    AddVariable(problem, "v" + std::to_string(i), values, Pick(random, values + 1) - 1);
  }
  AddRandomOperators(problem, random);
  const State start = StartState(problem);
  const int clauses = 1 + Pick(random, 5);
  for (int i = 0; i < clauses; ++i) {
    Clause clause{{"r" + std::to_string(i), "", ""}, {}, 0, INT32_MAX};
    std::vector<bool> used(problem.variables.size());
    for (int j = 0; j < 3; ++j) {
      Literal literal = RandomLiteral(problem, random);
      if (used[static_cast<std::size_t>(literal.variable)]) continue;
      used[static_cast<std::size_t>(literal.variable)] = true;
      clause.literals.push_back(std::move(literal));
    }
    (Pick(random, 3) == 0 ? clause.at_most : clause.at_least) = 1;
    if (broken_start || Holds(clause, start)) problem.clauses.push_back(std::move(clause));
  }
  return problem;
}

}  // namespace poolshift::plan
