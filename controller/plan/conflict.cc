#include "controller/plan/conflict.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

namespace poolshift::plan {
namespace {

using Places = std::vector<std::size_t>;  // of items

// What may be left out as one: all clauses that one line brings in for one rule, or one goal.
struct Item {
  Demand demand;
  Places clauses;
  VariableIndex goal_of = -1;
};

Demand GoalOf(const Variable& variable) {
  const std::string& value = variable.values[static_cast<std::size_t>(variable.goal)];
  return {{"goal", variable.name + " must become " + value, "manifest"}, variable.origin};
}

std::vector<Item> ItemsOf(const PlanningProblem& problem) {
  std::vector<Item> items;
  std::map<std::tuple<Reason, Origin>, std::size_t> known;
  for (std::size_t i = 0; i < problem.clauses.size(); ++i) {
    const Clause& clause = problem.clauses[i];
    const auto [place, is_new] = known.try_emplace({clause.reason, clause.origin}, items.size());
    if (is_new) items.push_back({{clause.reason, clause.origin}, {}, -1});
    items[place->second].clauses.push_back(i);
  }
  const auto rules = static_cast<std::ptrdiff_t>(items.size());
  for (std::size_t i = problem.variables.size(); i-- > 0;) {
    const Variable& variable = problem.variables[i];
    if (variable.goal < 0 || variable.goal == variable.start) continue;
    items.push_back({GoalOf(variable), {}, static_cast<VariableIndex>(i)});
  }
  // Where several goals would do, what stands later is named: a line, and the first that asks.
  std::stable_partition(items.begin() + rules, items.end(), [](const Item& item) {
    return item.demand.origin.line == 0;
  });
  return items;
}

class Finder {
 public:
  Finder(const PlanningProblem& problem, const IsHopeless& is_hopeless)
      : problem_(problem), is_hopeless_(is_hopeless), left_(problem), items_(ItemsOf(problem)) {}

  std::vector<Demand> Run() {
    Places all(items_.size());
    std::iota(all.begin(), all.end(), 0);
    if (IsConflict({})) return {};
    Places needed = Need({}, false, all);
    std::sort(needed.begin(), needed.end());
    std::vector<Demand> demands;
    for (const std::size_t item : needed)
      demands.push_back(items_[item].demand);
    return demands;
  }

 private:
  bool IsConflict(const Places& kept) {
    Places clauses;
    for (Variable& variable : left_.variables)
      variable.goal = -1;
    for (const std::size_t item : kept) {
      const Item& of = items_[item];
      clauses.insert(clauses.end(), of.clauses.begin(), of.clauses.end());
      if (of.goal_of < 0) continue;
      const auto variable = static_cast<std::size_t>(of.goal_of);
      left_.variables[variable].goal = problem_.variables[variable].goal;
    }
    std::sort(clauses.begin(), clauses.end());
    left_.clauses.clear();
    for (const std::size_t clause : clauses)
      left_.clauses.push_back(problem_.clauses[clause]);
    return is_hopeless_(left_);
  }

  // As few of `items` as are in conflict beside all of `beside` (QuickXplain): the larger half that
  // is not needed is left out with one question. `grown`: `beside` has become more since it was
  // asked.
  Places Need(const Places& beside, bool grown, const Places& items) {
    if (items.empty() || (grown && IsConflict(beside))) return {};
    if (items.size() == 1) return items;
    const auto half = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2);
    const Places first(items.begin(), half), second(half, items.end());
    Places needed = Need(Joined(beside, second), true, first);
    const Places rest = Need(Joined(beside, needed), !needed.empty(), second);
    needed.insert(needed.end(), rest.begin(), rest.end());
    return needed;
  }

  static Places Joined(Places places, const Places& more) {
    places.insert(places.end(), more.begin(), more.end());
    return places;
  }

  const PlanningProblem& problem_;
  const IsHopeless& is_hopeless_;
  PlanningProblem left_;  // the problem with what is kept of its clauses and goals
  const std::vector<Item> items_;
};

// Without the goals of all but these variables.
PlanningProblem OnlyGoalsOf(const PlanningProblem& problem,
                            const std::vector<VariableIndex>& part) {
  PlanningProblem left = problem;
  for (Variable& variable : left.variables)
    variable.goal = -1;
  for (const VariableIndex variable : part)
    left.variables[static_cast<std::size_t>(variable)].goal =
        problem.variables[static_cast<std::size_t>(variable)].goal;
  return left;
}

}  // namespace

std::vector<Demand> FindConflict(const PlanningProblem& problem,
                                 const std::vector<VariableIndex>& part,
                                 const IsHopeless& is_hopeless) {
  PlanningProblem left = OnlyGoalsOf(problem, part);
  if (!is_hopeless(left)) left = problem;
  return Finder(left, is_hopeless).Run();
}

}  // namespace poolshift::plan
