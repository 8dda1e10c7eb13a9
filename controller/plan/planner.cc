#include "controller/plan/planner.h"

#include <algorithm>
#include <map>
#include <set>

#include "controller/plan/conflict.h"
#include "controller/plan/groups.h"
#include "controller/plan/makespan.h"
#include "controller/plan/schedule.h"
#include "controller/plan/search.h"
#include "controller/plan/shorten.h"

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
  NoSolution none{proved, {}, {}, {}};
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

class Solver {
 public:
  Solver(const PlanningProblem& problem, const Budget& budget)
      : problem_(problem), budget_(budget), index_(problem), groups_(FindGroups(problem)) {}

  std::variant<Solution, NoSolution> Run() {
    if (auto immovable = Immovable(problem_, index_); !immovable.empty()) {
      return NoSolution{true, std::move(immovable), {}, {}};
    }
    std::vector<std::vector<int>> ways;
    for (const Group& group : groups_) {
      auto way = CheapestWay(problem_, index_, group);
      if (!way.has_value()) {
        const auto first = static_cast<std::size_t>(group.variables.front());
        return NoSolution{true, {problem_.variables[first].name}, {}, {}};
      }
      bound_ += CostOf(problem_, *way);
      ways.push_back(*std::move(way));
    }
    Interleaving interleaving = Interleave(problem_, index_, ways);
    if (interleaving.blocked.empty()) return Certified(std::move(interleaving.steps), "bound", 0);
    return Search(interleaving);
  }

 private:
  // The ways cannot simply be put together. When the exact search ends without an answer any safe
  // plan will do, and says so.
  std::variant<Solution, NoSolution> Search(const Interleaving& interleaving) const {
    Found found = FindCheapest(problem_, index_, groups_, budget_.states);
    if (found.solved) return Certified(std::move(found.steps), "search", found.states);
    if (!found.exhausted) return Explain(problem_, interleaving.blocked, true);
    found = FindAny(problem_, index_, groups_, budget_.states);
    if (!found.solved) return Explain(problem_, interleaving.blocked, !found.exhausted);
    return Certified(std::move(found.steps), "unproven", budget_.states + found.states);
  }

  Solution Certified(std::vector<int> steps, std::string method, std::int64_t states) const {
    Solution solution;
    Shortened shortened = Shorten(problem_, index_, groups_, std::move(steps));
    solution.steps = std::move(shortened.steps);
    solution.needs = std::move(shortened.needs);
    Certificate& certificate = solution.certificate;
    certificate.actions = CostOf(problem_, solution.steps);
    certificate.lower_bound = bound_;
    certificate.method = std::move(method);
    certificate.states = states;
    const Makespan time = MakespanOf(problem_, solution.steps, solution.needs);
    certificate.critical_path = time.critical_path;
    certificate.makespan_bound = time.bound;
    certificate.makespan = time.makespan;
    return solution;
  }

  const PlanningProblem& problem_;
  const Budget budget_;
  const Index index_;
  const std::vector<Group> groups_;
  int bound_ = 0;
};

}  // namespace

std::variant<Solution, NoSolution> Solve(const PlanningProblem& problem, const Budget& budget) {
  auto result = Solver(problem, budget).Run();
  auto* none = std::get_if<NoSolution>(&result);
  if (none == nullptr || !none->proved) return result;
  Budget less = budget;
  less.states = std::min<std::int64_t>(budget.states, 20000);
  none->demands = FindConflict(problem, [&less](const PlanningProblem& left) {
    const auto again = Solver(left, less).Run();
    const auto* found = std::get_if<NoSolution>(&again);
    return found != nullptr && found->proved;
  });
  return result;
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
