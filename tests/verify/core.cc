#include "tests/verify/core.h"

#include <algorithm>

namespace poolshift::verify {
namespace {

VariableIndex AddVariable(PlanningProblem& problem, std::string name, int values) {
  Variable variable;
  variable.name = std::move(name);
  for (int i = 0; i < values; ++i)
    variable.values.push_back(std::to_string(i));
  problem.variables.push_back(std::move(variable));
  const auto added = static_cast<VariableIndex>(problem.variables.size() - 1);
  for (ValueIndex from = 0; from < values; ++from) {
    for (ValueIndex to = 0; to < values; ++to) {
      if (from == to) continue;
      Operator step;
      step.action.title = problem.variables.back().name + " " + std::to_string(to);
      step.action.target = {"Part", problem.variables.back().name};
      step.action.duration = absl::Seconds(1);
      step.effects = {{added, from, to}};
      problem.operators.push_back(std::move(step));
    }
  }
  return added;
}

Literal Not(const PlanningProblem& problem, VariableIndex variable, ValueIndex value) {
  Literal literal{variable, {}};
  const auto size = problem.variables[static_cast<std::size_t>(variable)].values.size();
  for (ValueIndex other = 0; other < static_cast<ValueIndex>(size); ++other) {
    if (other != value) literal.values.push_back(other);
  }
  return literal;
}

// "variable has the value" implies "needed is on".
void Imply(PlanningProblem& problem,
           std::string rule,
           VariableIndex variable,
           int value,
           VariableIndex needed) {
  problem.clauses.push_back(
      {{std::move(rule), "", ""},
       {Not(problem, variable, static_cast<ValueIndex>(value)), {needed, {1}}},
       1,
       INT32_MAX});
}

bool Holds(const Clause& clause, const std::vector<ValueIndex>& state) {
  const auto holding =
      std::count_if(clause.literals.begin(), clause.literals.end(), [&](const Literal& literal) {
        const ValueIndex value = state[static_cast<std::size_t>(literal.variable)];
        return std::count(literal.values.begin(), literal.values.end(), value) > 0;
      });
  return holding >= clause.at_least && holding <= clause.at_most;
}

void AddStates(const PlanningProblem& problem,
               std::vector<ValueIndex>& state,
               std::vector<std::vector<ValueIndex>>& states) {
  if (state.size() == problem.variables.size()) {
    if (std::all_of(problem.clauses.begin(), problem.clauses.end(), [&](const Clause& clause) {
          return Holds(clause, state);
        }))
      states.push_back(state);
    return;
  }
  const auto values = problem.variables[state.size()].values.size();
  for (ValueIndex value = 0; value < static_cast<ValueIndex>(values); ++value) {
    state.push_back(value);
    AddStates(problem, state, states);
    state.pop_back();
  }
}

}  // namespace

PlanningProblem Core(int pools, int front_ends) {
  PlanningProblem problem;
  std::vector<VariableIndex> sip, xmpp;
  Clause one_xmpp_host{{"I1", "at most one pool has the XMPP role", ""}, {}, 0, 1};
  for (int pool = 0; pool < pools; ++pool) {
    const std::string name = "pool" + std::to_string(pool + 1);
    const VariableIndex service = AddVariable(problem, name + ".service", 2);
    sip.push_back(AddVariable(problem, name + ".sip", 2));
    xmpp.push_back(AddVariable(problem, name + ".xmpp", 2));
    Imply(problem, "I3", sip.back(), 1, service);
    Imply(problem, "I3", xmpp.back(), 1, service);
    one_xmpp_host.literals.push_back({xmpp.back(), {1}});
  }
  problem.clauses.push_back(std::move(one_xmpp_host));
  const VariableIndex sip_record = AddVariable(problem, "sip.record", pools);
  const VariableIndex xmpp_record = AddVariable(problem, "xmpp.record", pools + 1);
  for (std::size_t pool = 0; pool < sip.size(); ++pool) {
    Imply(problem, "I2", sip_record, static_cast<int>(pool), sip[pool]);
    Imply(problem, "I2", xmpp_record, static_cast<int>(pool) + 1, xmpp[pool]);
  }
  for (int front_end = 0; front_end < front_ends; ++front_end) {
    const VariableIndex association =
        AddVariable(problem, "frontEnd" + std::to_string(front_end + 1), pools);
    for (std::size_t pool = 0; pool < sip.size(); ++pool)
      Imply(problem, "I4", association, static_cast<int>(pool), sip[pool]);
  }
  return problem;
}

std::vector<std::vector<ValueIndex>> SafeStates(const PlanningProblem& problem) {
  std::vector<std::vector<ValueIndex>> states;
  std::vector<ValueIndex> state;
  AddStates(problem, state, states);
  return states;
}

}  // namespace poolshift::verify
