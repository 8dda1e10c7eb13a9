// Two ideas keep the number of states small. What a group must still pay is known from its own
// graph. And of steps that do not concern each other only one order is looked at: in each state a
// set of groups is chosen, and only their steps are tried (strong stubborn sets). The set begins
// with a group that is not at its goal, so that every plan moves it; a group is added when its
// steps could make a step of the set possible that is not, or be a rival of one that is. Whatever a
// plan does first outside of the set can be done later as well, so a cheapest plan survives.
#include "controller/plan/together.h"

#include <algorithm>
#include <optional>
#include <queue>
#include <set>
#include <unordered_map>

#include "controller/plan/group_graph.h"
#include "controller/plan/inside.h"

namespace poolshift::plan {
namespace {

// The state of each group, by its number in the group's graph.
using Places = std::vector<int>;

struct PlacesHash {
  std::size_t operator()(const Places& places) const {
    std::uint64_t hash = 1469598103934665603ULL;  // FNV-1a
    for (const int place : places)
      hash = (hash ^ static_cast<std::uint64_t>(place)) * 1099511628211ULL;
    return static_cast<std::size_t>(hash);
  }
};

struct Move {
  std::size_t group = 0;
  GroupGraph::Arc arc;
};

class Search {
 public:
  Search(const PlanningProblem& problem, const Index& index, const std::vector<Group>& groups)
      : problem_(problem),
        inside_(problem, index, groups),
        finder_(problem, index),
        state_(StartState(problem)) {
    for (const Group& group : groups)
      graphs_.emplace_back(problem, finder_, group);
  }

  Together Run(std::int64_t budget) {
    Together result;
    Add(Places(graphs_.size()), {0, -1, -1});
    while (!open_.empty()) {
      const Entry entry = open_.top();
      open_.pop();
      if (nodes_[static_cast<std::size_t>(entry.node)].cost < entry.cost) continue;
      const Places places = *places_[static_cast<std::size_t>(entry.node)];
      if (IsGoal(places)) return Finish(entry.node, result);
      if (++result.states > budget) {
        result.exhausted = true;
        return result;
      }
      Expand(places, entry);
    }
    return result;
  }

 private:
  struct Node {
    Cost cost = 0;
    int previous = -1;
    int step = -1;
  };
  struct Entry {
    Cost estimate = 0;  // cost + what must still be paid
    Cost cost = 0;
    int node = 0;
    // Lowest estimate first, then deepest, then first made: deterministic.
    bool operator<(const Entry& other) const {
      if (estimate != other.estimate) return estimate > other.estimate;
      if (cost != other.cost) return cost < other.cost;
      return node > other.node;
    }
  };

  bool IsGoal(const Places& places) const {
    for (std::size_t group = 0; group < places.size(); ++group) {
      if (!graphs_[group].IsGoal(places[group])) return false;
    }
    return true;
  }

  Together Finish(int node, Together result) const {
    for (; nodes_[static_cast<std::size_t>(node)].step >= 0;
         node = nodes_[static_cast<std::size_t>(node)].previous)
      result.steps.push_back(nodes_[static_cast<std::size_t>(node)].step);
    std::reverse(result.steps.begin(), result.steps.end());
    result.found = true;
    return result;
  }

  void Expand(const Places& places, const Entry& from) {
    for (std::size_t group = 0; group < places.size(); ++group) {
      const auto& variables = graphs_[group].group().variables;
      const auto& values = graphs_[group].ValuesOf(places[group]);
      for (std::size_t i = 0; i < variables.size(); ++i)
        state_[static_cast<std::size_t>(variables[i])] = values[i];
    }
    for (const Move& move : MovesFrom(places)) {
      Places next = places;
      next[move.group] = move.arc.to;
      const Operator& step = problem_.operators[static_cast<std::size_t>(move.arc.step)];
      Add(next, {from.cost + step.cost * kAction + 1, from.node, move.arc.step});
    }
  }

  // The smallest set of moves that one of the groups off its goal gives.
  std::vector<Move> MovesFrom(const Places& places) {
    std::optional<std::vector<Move>> fewest;
    for (std::size_t group = 0; group < places.size(); ++group) {
      if (graphs_[group].IsGoal(places[group])) continue;
      std::vector<Move> moves = MovesOf(group, places);
      if (!fewest.has_value() || moves.size() < fewest->size()) fewest = std::move(moves);
      if (fewest->size() <= 1) break;
    }
    return *std::move(fewest);
  }

  std::vector<Move> MovesOf(std::size_t first, const Places& places) {
    std::vector<Move> moves;
    std::vector<std::size_t> groups{first};
    std::vector<bool> chosen(places.size());
    chosen[first] = true;
    const auto choose = [&](const std::vector<std::size_t>& more) {
      for (const std::size_t group : more) {
        if (!chosen[group]) groups.push_back(group);
        chosen[group] = true;
      }
    };
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const std::size_t group = groups[i];
      for (const GroupGraph::Arc& arc : graphs_[group].ArcsFrom(places[group])) {
        const Obstacle obstacle = inside_.Against(arc.step, group, state_);
        choose(obstacle.stands ? obstacle.groups : inside_.RivalsOf(arc.step, group));
        if (!obstacle.stands) moves.push_back({group, arc});
      }
    }
    return moves;
  }

  void Add(const Places& places, Node node) {
    Cost estimate = node.cost;
    for (std::size_t group = 0; group < places.size(); ++group) {
      const std::optional<Cost>& remaining = graphs_[group].RemainingFrom(places[group]);
      if (!remaining.has_value()) return;
      estimate += *remaining;
    }
    const auto [at, added] = known_.emplace(places, static_cast<int>(nodes_.size()));
    if (added) {
      nodes_.push_back(node);
      places_.push_back(&at->first);
    } else if (node.cost >= nodes_[static_cast<std::size_t>(at->second)].cost) {
      return;
    } else {
      nodes_[static_cast<std::size_t>(at->second)] = node;
    }
    open_.push({estimate, node.cost, at->second});
  }

  const PlanningProblem& problem_;
  Inside inside_;
  WayFinder finder_;
  State state_;  // being expanded; what is outside stays at its start
  std::vector<GroupGraph> graphs_;
  std::unordered_map<Places, int, PlacesHash> known_;
  std::vector<Node> nodes_;
  std::vector<const Places*> places_;  // keys of known_, by node
  std::priority_queue<Entry> open_;
};

}  // namespace

Together CheapestTogether(const PlanningProblem& problem,
                          const Index& index,
                          const std::vector<Group>& groups,
                          std::int64_t budget) {
  return Search(problem, index, groups).Run(budget);
}

}  // namespace poolshift::plan
