#include "controller/plan/search.h"

#include <algorithm>
#include <map>
#include <optional>
#include <queue>
#include <unordered_map>

namespace poolshift::plan {
namespace {

constexpr int kHaste = 8;  // the weight of what must still be paid

struct StateHash {
  std::size_t operator()(const State& state) const {
    std::uint64_t hash = 1469598103934665603ULL;  // FNV-1a
    for (const ValueIndex value : state) {
      hash = (hash ^ static_cast<std::uint64_t>(value)) * 1099511628211ULL;
    }
    return static_cast<std::size_t>(hash);
  }
};

class Search {
 public:
  Search(const PlanningProblem& problem, const Index& index, const std::vector<Group>& groups)
      : problem_(problem),
        index_(index),
        groups_(groups),
        group_of_(problem.variables.size()),
        starting_(problem.variables.size()),
        finder_(problem, index),
        remaining_(groups.size()) {
    for (std::size_t group = 0; group < groups.size(); ++group) {
      for (const VariableIndex variable : groups[group].variables)
        group_of_[static_cast<std::size_t>(variable)] = group;
    }
    for (std::size_t i = 0; i < problem.variables.size(); ++i)
      starting_[i].resize(problem.variables[i].values.size());
    for (int step = 0; step < static_cast<int>(problem.operators.size()); ++step) {
      const Effect& first = At(step).effects.front();
      starting_[static_cast<std::size_t>(first.variable)][static_cast<std::size_t>(first.from)]
          .push_back(step);
    }
  }

  Found Run(std::int64_t budget) {
    Found found;
    const State start = StartState(problem_);
    int estimate = 0;
    for (std::size_t group = 0; group < groups_.size(); ++group) {
      const std::optional<int> remaining = RemainingOf(group, start);
      if (!remaining.has_value()) return found;
      estimate += *remaining;
    }
    Add(start, {0, estimate, -1, -1});
    while (!open_.empty()) {
      const Entry entry = open_.top();
      open_.pop();
      const Node node = nodes_[static_cast<std::size_t>(entry.node)];
      if (node.cost < entry.cost) continue;
      const State state = *states_[static_cast<std::size_t>(entry.node)];
      if (ReachesGoal(problem_, state)) return Finish(entry.node, found);
      if (++found.states > budget) {
        found.exhausted = true;
        return found;
      }
      Expand(state, entry.node, node);
    }
    return found;
  }

 private:
  struct Node {
    int cost = 0;
    int estimate = 0;  // of what must still be paid
    int previous = -1;
    int step = -1;
  };
  struct Entry {
    int value = 0;
    int cost = 0;
    int node = 0;
    // Lowest value first, then deepest, then first made: deterministic.
    bool operator<(const Entry& other) const {
      if (value != other.value) return value > other.value;
      if (cost != other.cost) return cost < other.cost;
      return node > other.node;
    }
  };

  const Operator& At(int step) const { return problem_.operators[static_cast<std::size_t>(step)]; }

  Found Finish(int node, Found found) const {
    for (; nodes_[static_cast<std::size_t>(node)].step >= 0;
         node = nodes_[static_cast<std::size_t>(node)].previous) {
      found.steps.push_back(nodes_[static_cast<std::size_t>(node)].step);
    }
    std::reverse(found.steps.begin(), found.steps.end());
    found.solved = true;
    return found;
  }

  void Expand(const State& state, int from, const Node& node) {
    for (std::size_t variable = 0; variable < state.size(); ++variable) {
      for (const int step : starting_[variable][static_cast<std::size_t>(state[variable])]) {
        const Operator& candidate = At(step);
        if (!IsApplicable(candidate, state)) continue;
        State next = state;
        ApplyEffects(candidate, next);
        if (!KeepsClauses(candidate, state, next)) continue;
        // Only the operator's own group has moved.
        const std::size_t group = group_of_[variable];
        const std::optional<int> remaining = RemainingOf(group, next);
        if (!remaining.has_value()) continue;
        const int estimate = node.estimate - *RemainingOf(group, state) + *remaining;
        Add(next, {node.cost + candidate.cost, estimate, from, step});
      }
    }
  }

  // A clause that is broken may be repaired in parts, but never made worse.
  bool KeepsClauses(const Operator& step, const State& before, const State& after) const {
    for (const Effect& effect : step.effects) {
      for (const Occurrence& at : index_.clauses[static_cast<std::size_t>(effect.variable)]) {
        const Clause& clause = problem_.clauses[static_cast<std::size_t>(at.clause)];
        if (!StaysAllowed(clause, CountHolding(clause, before), CountHolding(clause, after)))
          return false;
      }
    }
    return true;
  }

  void Add(const State& state, const Node& node) {
    const auto [at, added] = known_.emplace(state, static_cast<int>(nodes_.size()));
    if (added) {
      nodes_.push_back(node);
      states_.push_back(&at->first);
    } else if (node.cost >= nodes_[static_cast<std::size_t>(at->second)].cost) {
      return;
    } else {
      nodes_[static_cast<std::size_t>(at->second)] = node;
    }
    open_.push({node.cost + kHaste * node.estimate, node.cost, at->second});
  }

  // Absent: the group has no way from there.
  std::optional<int> RemainingOf(std::size_t group, const State& state) {
    std::vector<ValueIndex> own;
    for (const VariableIndex variable : groups_[group].variables)
      own.push_back(state[static_cast<std::size_t>(variable)]);
    const auto known = remaining_[group].find(own);
    if (known != remaining_[group].end()) return known->second;
    std::optional<int> cost;
    if (const auto way = finder_.Cheapest(groups_[group], own)) {
      cost = 0;
      for (const int step : *way)
        *cost += At(step).cost;
    }
    return remaining_[group].emplace(std::move(own), cost).first->second;
  }

  const PlanningProblem& problem_;
  const Index& index_;
  const std::vector<Group>& groups_;
  std::vector<std::size_t> group_of_;  // by variable
  // By variable and value: operators whose first effect starts there.
  std::vector<std::vector<std::vector<int>>> starting_;
  WayFinder finder_;
  std::vector<std::map<std::vector<ValueIndex>, std::optional<int>>> remaining_;  // by group
  std::unordered_map<State, int, StateHash> known_;
  std::vector<Node> nodes_;
  std::vector<const State*> states_;  // keys of known_, by node
  std::priority_queue<Entry> open_;
};

}  // namespace

Found FindAny(const PlanningProblem& problem,
              const Index& index,
              const std::vector<Group>& groups,
              std::int64_t budget) {
  return Search(problem, index, groups).Run(budget);
}

}  // namespace poolshift::plan
