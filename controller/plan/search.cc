#include "controller/plan/search.h"

#include <algorithm>
#include <map>
#include <queue>
#include <unordered_map>

namespace poolshift::plan {
namespace {

constexpr int kUnreachable = -1;

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
  Search(const PlanningProblem& problem,
         const Index& index,
         const std::vector<Group>& groups,
         int weight)
      : problem_(problem),
        index_(index),
        groups_(groups),
        weight_(weight),
        remaining_(groups.size()) {}

  Found Run(std::int64_t budget) {
    Add(StartState(problem_), {0, -1, -1});
    Found found;
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
      Expand(state, entry.node, node.cost);
    }
    return found;
  }

 private:
  struct Node {
    int cost = 0;
    int previous = -1;
    int step = -1;
  };
  struct Entry {
    int estimate = 0;  // cost + what must still be paid
    int cost = 0;
    int node = 0;
    // Lowest estimate first, then deepest, then first made: deterministic.
    bool operator<(const Entry& other) const {
      if (estimate != other.estimate) return estimate > other.estimate;
      if (cost != other.cost) return cost < other.cost;
      return node > other.node;
    }
  };

  Found Finish(int node, Found found) const {
    for (; nodes_[static_cast<std::size_t>(node)].step >= 0;
         node = nodes_[static_cast<std::size_t>(node)].previous) {
      found.steps.push_back(nodes_[static_cast<std::size_t>(node)].step);
    }
    std::reverse(found.steps.begin(), found.steps.end());
    found.solved = true;
    return found;
  }

  void Expand(const State& state, int from, int cost) {
    for (int step = 0; step < static_cast<int>(problem_.operators.size()); ++step) {
      const Operator& candidate = problem_.operators[static_cast<std::size_t>(step)];
      if (!IsApplicable(candidate, state)) continue;
      State next = state;
      ApplyEffects(candidate, next);
      if (KeepsClauses(candidate, state, next)) Add(next, {cost + candidate.cost, from, step});
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

  void Add(const State& state, Node node) {
    const int estimate = Remaining(state);
    if (estimate == kUnreachable) return;
    const auto [at, added] = known_.emplace(state, static_cast<int>(nodes_.size()));
    if (added) {
      nodes_.push_back(node);
      states_.push_back(&at->first);
    } else if (node.cost >= nodes_[static_cast<std::size_t>(at->second)].cost) {
      return;
    } else {
      nodes_[static_cast<std::size_t>(at->second)] = node;
    }
    open_.push({node.cost + weight_ * estimate, node.cost, at->second});
  }

  int Remaining(const State& state) {
    int sum = 0;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      const int cost = RemainingOf(i, state);
      if (cost == kUnreachable) return kUnreachable;
      sum += cost;
    }
    return sum;
  }

  int RemainingOf(std::size_t group, const State& state) {
    std::vector<ValueIndex> local;
    for (const VariableIndex variable : groups_[group].variables) {
      local.push_back(state[static_cast<std::size_t>(variable)]);
    }
    const auto known = remaining_[group].find(local);
    if (known != remaining_[group].end()) return known->second;
    const auto way = CheapestWay(problem_, index_, groups_[group], local);
    int cost = way.has_value() ? 0 : kUnreachable;
    if (way.has_value()) {
      for (const int step : *way)
        cost += problem_.operators[static_cast<std::size_t>(step)].cost;
    }
    return remaining_[group].emplace(std::move(local), cost).first->second;
  }

  const PlanningProblem& problem_;
  const Index& index_;
  const std::vector<Group>& groups_;
  const int weight_;  // of what must still be paid; 1: exact
  std::vector<std::map<std::vector<ValueIndex>, int>> remaining_;  // by group, by its values
  std::unordered_map<State, int, StateHash> known_;
  std::vector<Node> nodes_;
  std::vector<const State*> states_;  // keys of known_, by node
  std::priority_queue<Entry> open_;
};

}  // namespace

Found FindCheapest(const PlanningProblem& problem,
                   const Index& index,
                   const std::vector<Group>& groups,
                   std::int64_t budget) {
  return Search(problem, index, groups, 1).Run(budget);
}

Found FindAny(const PlanningProblem& problem,
              const Index& index,
              const std::vector<Group>& groups,
              std::int64_t budget) {
  constexpr int kHaste = 8;
  return Search(problem, index, groups, kHaste).Run(budget);
}

}  // namespace poolshift::plan
