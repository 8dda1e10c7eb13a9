#include "controller/plan/planner.h"

#include <algorithm>
#include <map>
#include <set>

#include "controller/plan/deorder.h"
#include "controller/plan/groups.h"
#include "controller/plan/schedule.h"
#include "controller/plan/search.h"

namespace poolshift::plan {
namespace {

int CostOf(const PlanningProblem& problem, const std::vector<int>& steps) {
  int cost = 0;
  for (const int step : steps)
    cost += problem.operators[static_cast<std::size_t>(step)].cost;
  return cost;
}

// Variables that differ from their goal though no operator changes them.
std::vector<std::string> Immovable(const PlanningProblem& problem, const Index& index) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < problem.variables.size(); ++i) {
    const Variable& variable = problem.variables[i];
    if (variable.goal >= 0 && variable.goal != variable.start && index.operators[i].empty()) {
      names.push_back(variable.name);
    }
  }
  return names;
}

NoSolution Explain(const PlanningProblem& problem,
                   const std::vector<Blocked>& blocked,
                   bool proved) {
  NoSolution none{proved, {}, {}};
  std::set<Reason> because;
  for (const Blocked& at : blocked) {
    const Operator& step = problem.operators[static_cast<std::size_t>(at.step)];
    none.stuck.push_back(
        problem.variables[static_cast<std::size_t>(step.effects.front().variable)].name);
    if (at.clause >= 0) because.insert(problem.clauses[static_cast<std::size_t>(at.clause)].reason);
    if (at.variable >= 0) {
      const std::string& name = problem.variables[static_cast<std::size_t>(at.variable)].name;
      because.insert({"precondition", "it waits for " + name, ""});
    }
  }
  none.because.assign(because.begin(), because.end());
  return none;
}

Solution Certified(const PlanningProblem& problem,
                   std::vector<int> steps,
                   Certificate certificate) {
  certificate.actions = CostOf(problem, steps);
  Solution solution;
  solution.needs = Deorder(problem, steps);
  solution.steps = std::move(steps);
  solution.certificate = std::move(certificate);
  return solution;
}

}  // namespace

std::variant<Solution, NoSolution> Solve(const PlanningProblem& problem, const Budget& budget) {
  const Index index(problem);
  if (auto immovable = Immovable(problem, index); !immovable.empty()) {
    return NoSolution{true, std::move(immovable), {}};
  }
  const std::vector<Group> groups = FindGroups(problem);
  std::vector<std::vector<int>> ways;
  int bound = 0;
  for (const Group& group : groups) {
    auto way = CheapestWay(problem, index, group);
    if (!way.has_value()) {
      const auto first = static_cast<std::size_t>(group.variables.front());
      return NoSolution{true, {problem.variables[first].name}, {}};
    }
    bound += CostOf(problem, *way);
    ways.push_back(*std::move(way));
  }
  Interleaving interleaving = Interleave(problem, index, ways);
  if (interleaving.blocked.empty()) {
    return Certified(problem, std::move(interleaving.steps), {0, bound, "bound", 0});
  }
  Found found = FindCheapest(problem, index, groups, budget.states);
  if (!found.solved) return Explain(problem, interleaving.blocked, !found.exhausted);
  return Certified(problem, std::move(found.steps), {0, bound, "search", found.states});
}

std::vector<Action> ActionsOf(const PlanningProblem& problem, const Solution& solution) {
  std::vector<Action> actions;
  std::map<int, ActionId> id_of_operator;
  std::map<ActionId, int> uses;
  for (const int step : solution.steps) {
    Action action = problem.operators[static_cast<std::size_t>(step)].action;
    action.id = MakeActionId(action.verb, action.target, action.before, action.after);
    const int use =
        uses[action.id]++;  // the same change twice (a restart): tell them apart by order
    if (use > 0) action.id += "-" + std::to_string(use + 1);
    id_of_operator[step] = action.id;
    actions.push_back(std::move(action));
  }
  for (std::size_t i = 0; i < actions.size(); ++i) {
    for (const int before : solution.needs[i]) {
      actions[i].needs.push_back(actions[static_cast<std::size_t>(before)].id);
    }
    std::sort(actions[i].needs.begin(), actions[i].needs.end());
    if (!actions[i].gate.has_value()) continue;
    std::vector<ActionId> produced;
    for (const int step :
         problem.operators[static_cast<std::size_t>(solution.steps[i])].produced_by) {
      const auto found = id_of_operator.find(step);
      if (found != id_of_operator.end()) produced.push_back(found->second);
    }
    std::sort(produced.begin(), produced.end());
    actions[i].gate->produced_by = std::move(produced);
  }
  return actions;
}

}  // namespace poolshift::plan
