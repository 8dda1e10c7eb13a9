#include "tests/federation/planned_case.h"

#include <algorithm>

#include "gtest/gtest.h"

#include "controller/federation/kinds.h"

namespace poolshift {

Plan PlanOf(const Organization& organization, const ObservedState& observed, Reasoning* reasoning) {
  OfferedKinds offered;
  for (const KindSchema& schema : kinds::KindSchemas())
    offered["world"].push_back(schema.kind);
  const Assignment assignment(organization, offered);
  auto plan = MakePlanWithoutCommands(organization, observed, assignment, reasoning);
  if (plan.ok()) return *std::move(plan);
  ADD_FAILURE() << plan.status();
  return {};
}

PlannedCase::PlannedCase(std::uint64_t seed, std::size_t sites)
    : dice(seed), organization(RandomOrganization(dice, sites)), world(organization) {
  world = RandomWorld(organization, dice);
  observed = world.ObserveAll();
  plan = PlanOf(organization, observed, &reasoning);
}

// What is done to how many things of which kind; names left out.
std::map<std::string, int> Tally(const Plan& plan) {
  std::map<std::string, int> tally;
  for (const Action& action : plan.actions)
    ++tally[std::string(Name(action.verb)) + ' ' + action.target.kind];
  for (const Refusal& refusal : plan.refusals)
    ++tally["refused by " + refusal.rule];
  tally["lower bound"] = plan.certificate.lower_bound;
  return tally;
}

std::size_t ActionsOn(const Plan& plan, const ResourceId& id) {
  return static_cast<std::size_t>(
      std::count_if(plan.actions.begin(), plan.actions.end(), [&](const Action& action) {
        return action.verb != Verb::kGate && action.target == id;
      }));
}

PlanningProblem Both(PlanningProblem problem, const PlanningProblem& other) {
  const auto shift = static_cast<VariableIndex>(problem.variables.size());
  const auto move = [shift](std::vector<Literal> literals) {
    for (Literal& literal : literals)
      literal.variable += shift;
    return literals;
  };
  problem.variables.insert(problem.variables.end(), other.variables.begin(), other.variables.end());
  for (Operator step : other.operators) {
    for (Effect& effect : step.effects)
      effect.variable += shift;
    step.preconditions = move(std::move(step.preconditions));
    problem.operators.push_back(std::move(step));
  }
  for (Clause clause : other.clauses) {
    clause.literals = move(std::move(clause.literals));
    problem.clauses.push_back(std::move(clause));
  }
  return problem;
}

}  // namespace poolshift
