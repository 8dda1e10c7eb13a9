#include "controller/plan/group_graph.h"

#include <algorithm>

namespace poolshift::plan {

GroupGraph::GroupGraph(const PlanningProblem& problem, WayFinder& finder, const Group& group)
    : problem_(problem), finder_(finder), group_(group), operators_(finder.OperatorsOf(group)) {
  std::vector<ValueIndex> start;
  for (const VariableIndex variable : group.variables)
    start.push_back(problem.variables[static_cast<std::size_t>(variable)].start);
  Place(std::move(start));
}

int GroupGraph::Place(std::vector<ValueIndex> values) {
  const auto [at, added] = place_.emplace(std::move(values), static_cast<int>(states_.size()));
  if (added) states_.push_back({at->first, {}, {}});
  return at->second;
}

bool GroupGraph::IsGoal(int state) const {
  const auto& values = ValuesOf(state);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto variable = static_cast<std::size_t>(group_.variables[i]);
    const ValueIndex goal = problem_.variables[variable].goal;
    if (goal >= 0 && values[i] != goal) return false;
  }
  return true;
}

const std::vector<GroupGraph::Arc>& GroupGraph::ArcsFrom(int state) {
  if (states_[static_cast<std::size_t>(state)].arcs.has_value())
    return *states_[static_cast<std::size_t>(state)].arcs;
  std::vector<Arc> arcs;
  const std::vector<ValueIndex> before = ValuesOf(state);
  for (const int step : operators_) {
    std::vector<ValueIndex> after = before;
    bool starts = true;
    for (const Effect& effect : problem_.operators[static_cast<std::size_t>(step)].effects) {
      const auto at =
          std::lower_bound(group_.variables.begin(), group_.variables.end(), effect.variable);
      ValueIndex& value = after[static_cast<std::size_t>(at - group_.variables.begin())];
      starts = starts && value == effect.from;
      value = effect.to;
    }
    if (starts && finder_.refinement().IsPossible({group_.variables, before, after, step}))
      arcs.push_back({step, Place(std::move(after))});
  }
  auto& known = states_[static_cast<std::size_t>(state)].arcs;
  known = std::move(arcs);
  return *known;
}

const std::optional<Cost>& GroupGraph::RemainingFrom(int state) {
  auto& known = states_[static_cast<std::size_t>(state)].remaining;
  if (known.has_value()) return *known;
  known.emplace();
  if (const auto way = finder_.Cheapest(group_, ValuesOf(state))) {
    *known = static_cast<Cost>(way->size());
    for (const int step : *way)
      **known += problem_.operators[static_cast<std::size_t>(step)].cost * kAction;
  }
  return *known;
}

}  // namespace poolshift::plan
