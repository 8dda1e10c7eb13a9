#include "controller/plan/groups.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <queue>
#include <set>
#include <tuple>

#include "controller/plan/refinement.h"

namespace poolshift::plan {
namespace {

// Union-find over variables.
class Joined {
 public:
  explicit Joined(std::size_t size) : parent_(size) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }
  std::size_t Root(std::size_t item) {
    while (parent_[item] != item)
      item = parent_[item] = parent_[parent_[item]];
    return item;
  }
  void Join(std::size_t a, std::size_t b) {
    const auto [low, high] = std::minmax({Root(a), Root(b)});  // by value: roots are temporaries
    parent_[high] = low;
  }

 private:
  std::vector<std::size_t> parent_;
};

// A group's own state: the values of its variables, in the group's order.
using LocalState = std::vector<ValueIndex>;

struct Reached {
  int cost = 0;
  int length = 0;
  LocalState previous;
  int through = -1;  // operator
};

class LocalSearch {
 public:
  LocalSearch(const PlanningProblem& problem, const Index& index, const Group& group)
      : problem_(problem), index_(index), group_(group) {
    std::set<int> operators;
    for (const VariableIndex variable : group.variables) {
      const auto& touching = index.operators[static_cast<std::size_t>(variable)];
      operators.insert(touching.begin(), touching.end());
    }
    operators_.assign(operators.begin(), operators.end());
  }

  std::optional<std::vector<int>> Run(const LocalState& start) {
    reached_[start] = {};
    queue_.emplace(0, 0, start);
    while (!queue_.empty()) {
      const auto [cost, length, state] = queue_.top();
      queue_.pop();
      const Reached& best = reached_.at(state);
      if (cost != best.cost || length != best.length) continue;
      if (IsGoal(state)) return WayTo(state);
      Expand(state, cost, length);
    }
    return std::nullopt;
  }

 private:
  using Entry = std::tuple<int, int, LocalState>;

  const Variable& At(VariableIndex variable) const {
    return problem_.variables[static_cast<std::size_t>(variable)];
  }

  std::size_t Place(VariableIndex variable) const {
    return static_cast<std::size_t>(
        std::lower_bound(group_.variables.begin(), group_.variables.end(), variable) -
        group_.variables.begin());
  }

  bool IsGoal(const LocalState& state) const {
    for (std::size_t i = 0; i < state.size(); ++i) {
      const ValueIndex goal = At(group_.variables[i]).goal;
      if (goal >= 0 && state[i] != goal) return false;
    }
    return true;
  }

  std::optional<LocalState> After(int step, const LocalState& state) const {
    LocalState next = state;
    for (const Effect& effect : problem_.operators[static_cast<std::size_t>(step)].effects) {
      ValueIndex& value = next[Place(effect.variable)];
      if (value != effect.from) return std::nullopt;
      value = effect.to;
    }
    return next;
  }

  void Expand(const LocalState& state, int cost, int length) {
    for (const int step : operators_) {
      const std::optional<LocalState> next = After(step, state);
      if (!next.has_value()) continue;
      const Reached candidate{
          cost + problem_.operators[static_cast<std::size_t>(step)].cost, length + 1, state, step};
      const auto known = reached_.find(*next);
      if (known != reached_.end() && std::tie(known->second.cost, known->second.length) <=
                                         std::tie(candidate.cost, candidate.length)) {
        continue;
      }
      if (!IsPossible({problem_, index_, group_.variables, state, *next, step})) continue;
      reached_[*next] = candidate;
      queue_.emplace(candidate.cost, candidate.length, *next);
    }
  }

  std::vector<int> WayTo(LocalState state) const {
    std::vector<int> way;
    for (const Reached* at = &reached_.at(state); at->through >= 0;
         at = &reached_.at(at->previous)) {
      way.push_back(at->through);
    }
    std::reverse(way.begin(), way.end());
    return way;
  }

  const PlanningProblem& problem_;
  const Index& index_;
  const Group& group_;
  std::vector<int> operators_;
  std::map<LocalState, Reached> reached_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
};

}  // namespace

std::vector<Group> FindGroups(const PlanningProblem& problem) {
  Joined joined(problem.variables.size());
  std::vector<bool> changes(problem.variables.size());
  for (const Operator& step : problem.operators) {
    const auto first = static_cast<std::size_t>(step.effects.front().variable);
    for (const Effect& effect : step.effects) {
      joined.Join(first, static_cast<std::size_t>(effect.variable));
      changes[static_cast<std::size_t>(effect.variable)] = true;
    }
  }
  std::map<std::size_t, Group> by_root;
  for (std::size_t i = 0; i < problem.variables.size(); ++i) {
    if (changes[i]) by_root[joined.Root(i)].variables.push_back(static_cast<VariableIndex>(i));
  }
  std::vector<Group> groups;
  for (auto& [root, group] : by_root)
    groups.push_back(std::move(group));
  return groups;
}

std::optional<std::vector<int>> CheapestWay(const PlanningProblem& problem,
                                            const Index& index,
                                            const Group& group) {
  std::vector<ValueIndex> start;
  for (const VariableIndex variable : group.variables) {
    start.push_back(problem.variables[static_cast<std::size_t>(variable)].start);
  }
  return CheapestWay(problem, index, group, start);
}

std::optional<std::vector<int>> CheapestWay(const PlanningProblem& problem,
                                            const Index& index,
                                            const Group& group,
                                            const std::vector<ValueIndex>& from) {
  return LocalSearch(problem, index, group).Run(from);
}

}  // namespace poolshift::plan
