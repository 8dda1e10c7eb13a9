#include "controller/plan/conflict.h"

#include <algorithm>
#include <tuple>

namespace poolshift::plan {
namespace {

bool SameRule(const Clause& clause, const Demand& demand) {
  return clause.reason == demand.rule && clause.origin == demand.origin;
}

std::vector<Demand> RulesOf(const PlanningProblem& problem) {
  std::vector<Demand> rules;
  for (const Clause& clause : problem.clauses) {
    if (std::none_of(rules.begin(), rules.end(), [&](const Demand& known) {
          return SameRule(clause, known);
        }))
      rules.push_back({clause.reason, clause.origin});
  }
  return rules;
}

Demand GoalOf(const Variable& variable) {
  const std::string& value = variable.values[static_cast<std::size_t>(variable.goal)];
  return {{"goal", variable.name + " must become " + value, "manifest"}, variable.origin};
}

}  // namespace

std::vector<Demand> FindConflict(const PlanningProblem& problem, const IsHopeless& is_hopeless) {
  PlanningProblem left = problem;
  std::vector<Demand> demands;
  for (const Demand& rule : RulesOf(problem)) {
    std::vector<Clause> all = left.clauses;
    std::erase_if(left.clauses, [&](const Clause& clause) { return SameRule(clause, rule); });
    if (is_hopeless(left)) continue;
    left.clauses = std::move(all);
    demands.push_back(rule);
  }
  for (std::size_t i = 0; i < left.variables.size(); ++i) {
    Variable& variable = left.variables[i];
    if (variable.goal < 0 || variable.goal == variable.start) continue;
    const ValueIndex goal = variable.goal;
    variable.goal = -1;
    if (is_hopeless(left)) continue;
    variable.goal = goal;
    demands.push_back(GoalOf(variable));
  }
  return demands;
}

}  // namespace poolshift::plan
