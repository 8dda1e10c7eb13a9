#include "controller/plan/shares.h"

#include <optional>
#include <string>

namespace poolshift::plan {
namespace {

using Rules = std::vector<bool>;  // by place in Refinement::Rules()

class Accountant {
 public:
  Accountant(const PlanningProblem& problem, const Index& index)
      : problem_(problem), index_(index) {}

  BoundShare Share(const Group& group, int cost, bool is_refined) {
    BoundShare share{Goals(group), cost, cost, {}};
    if (!is_refined) return share;
    const std::size_t count = finder().refinement().Rules().size();
    share.alone = CostWith(group, Rules(count)).value_or(cost);
    if (share.alone < cost) share.rules = Named(Needed(group, cost, Consulted(group, count)));
    return share;
  }

 private:
  std::vector<BoundShare::Goal> Goals(const Group& group) const {
    std::vector<BoundShare::Goal> goals;
    for (const VariableIndex at : group.variables) {
      const Variable& variable = problem_.variables[static_cast<std::size_t>(at)];
      if (variable.goal < 0 || variable.goal == variable.start) continue;
      const auto label = [&variable](ValueIndex value) {
        return variable.values[static_cast<std::size_t>(value)];
      };
      goals.push_back({variable.name, label(variable.start), label(variable.goal)});
    }
    return goals;
  }

  // Nothing: with these there is no way at all.
  std::optional<int> CostWith(const Group& group, Rules rules) {
    finder().refinement().CountOnly(std::move(rules));
    const auto way = finder().Cheapest(group);
    finder().refinement().CountAll();
    if (!way.has_value()) return std::nullopt;
    int cost = 0;
    for (const int step : *way)
      cost += problem_.operators[static_cast<std::size_t>(step)].cost;
    return cost;
  }

  Rules Consulted(const Group& group, std::size_t count) {
    Rules consulted(count);
    finder().refinement().Tell(&consulted);
    finder().Cheapest(group);
    finder().refinement().Tell(nullptr);
    return consulted;
  }

  // As few of `rules` as make it as dear: what can be left out is, one by one.
  Rules Needed(const Group& group, int cost, Rules rules) {
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
      if (!rules[rule]) continue;
      rules[rule] = false;
      const std::optional<int> without = CostWith(group, rules);
      if (without.has_value() && *without < cost) rules[rule] = true;
    }
    return rules;
  }

  std::vector<std::string> Named(const Rules& rules) {
    std::vector<std::string> names;
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
      if (rules[rule]) names.push_back(finder().refinement().Rules()[rule]);
    }
    return names;
  }

  // Made when the first group needs it: most problems have none that does.
  WayFinder& finder() {
    if (!finder_.has_value()) finder_.emplace(problem_, index_);
    return *finder_;
  }

  const PlanningProblem& problem_;
  const Index& index_;
  std::optional<WayFinder> finder_;
};

}  // namespace

std::vector<BoundShare> SharesOf(const PlanningProblem& problem,
                                 const Index& index,
                                 const std::vector<Group>& groups,
                                 const std::vector<int>& costs,
                                 const std::vector<bool>& is_refined) {
  std::vector<BoundShare> shares;
  Accountant accountant(problem, index);
  for (std::size_t group = 0; group < groups.size(); ++group) {
    if (costs[group] > 0)
      shares.push_back(accountant.Share(groups[group], costs[group], is_refined[group]));
  }
  return shares;
}

}  // namespace poolshift::plan
