#include "controller/plan/groups.h"

#include <algorithm>
#include <numeric>
#include <tuple>

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
  // A root is the first variable of its group, so that groups come in the order of these.
  std::vector<int> group_of(problem.variables.size(), -1);  // by root
  std::vector<Group> groups;
  for (std::size_t i = 0; i < problem.variables.size(); ++i) {
    if (!changes[i]) continue;
    int& group = group_of[joined.Root(i)];
    if (group < 0) {
      group = static_cast<int>(groups.size());
      groups.emplace_back();
    }
    groups[static_cast<std::size_t>(group)].variables.push_back(static_cast<VariableIndex>(i));
  }
  return groups;
}

std::optional<std::vector<int>> WayFinder::Cheapest(const Group& group) {
  Values start;
  start.reserve(group.variables.size());
  for (const VariableIndex variable : group.variables)
    start.push_back(problem_.variables[static_cast<std::size_t>(variable)].start);
  return Cheapest(group, std::move(start));
}

std::optional<std::vector<int>> WayFinder::Cheapest(const Group& group, Values from) {
  group_ = &group;
  operators_ = OperatorsOf(group);
  nodes_.clear();
  places_.clear();
  open_.clear();
  has_left_out_ = false;
  // Cheapest first, then shortest, then by values.
  const auto later = [this](const Entry& a, const Entry& b) {
    if (a.cost != b.cost) return a.cost > b.cost;
    if (a.length != b.length) return a.length > b.length;
    return nodes_[static_cast<std::size_t>(a.node)].values >
           nodes_[static_cast<std::size_t>(b.node)].values;
  };
  Keep({std::move(from), 0, 0, -1, -1});
  while (!open_.empty()) {
    std::pop_heap(open_.begin(), open_.end(), later);
    const Entry entry = open_.back();
    open_.pop_back();
    const Node& best = nodes_[static_cast<std::size_t>(entry.node)];
    if (entry.cost != best.cost || entry.length != best.length) continue;
    if (IsGoal(best.values)) return WayTo(entry.node);
    const std::size_t before = open_.size();
    Expand(entry.node);
    for (std::size_t end = before + 1; end <= open_.size(); ++end)
      std::push_heap(open_.begin(), open_.begin() + static_cast<std::ptrdiff_t>(end), later);
  }
  return std::nullopt;
}

std::vector<int> WayFinder::OperatorsOf(const Group& group) const {
  std::vector<int> operators;
  for (const VariableIndex variable : group.variables) {
    const auto touching = index_.operators[static_cast<std::size_t>(variable)];
    operators.insert(operators.end(), touching.begin(), touching.end());
  }
  std::sort(operators.begin(), operators.end());
  operators.erase(std::unique(operators.begin(), operators.end()), operators.end());
  return operators;
}

bool WayFinder::IsGoal(const Values& values) const {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto variable = static_cast<std::size_t>(group_->variables[i]);
    const ValueIndex goal = problem_.variables[variable].goal;
    if (goal >= 0 && values[i] != goal) return false;
  }
  return true;
}

// False when it does not start from these values.
bool WayFinder::Apply(int step, Values& values) const {
  const auto& variables = group_->variables;
  for (const Effect& effect : problem_.operators[static_cast<std::size_t>(step)].effects) {
    const auto place = std::lower_bound(variables.begin(), variables.end(), effect.variable);
    ValueIndex& value = values[static_cast<std::size_t>(place - variables.begin())];
    if (value != effect.from) return false;
    value = effect.to;
  }
  return true;
}

// The node of these values, or -1.
int WayFinder::FindNode(const Values& values) const {
  if (!places_.empty()) {
    const auto found = places_.find(values);
    return found == places_.end() ? -1 : found->second;
  }
  const auto found = std::find_if(
      nodes_.begin(), nodes_.end(), [&](const Node& node) { return node.values == values; });
  return found == nodes_.end() ? -1 : static_cast<int>(found - nodes_.begin());
}

// In place of the node with the same values, if there is one; its entry is last in `open_`.
void WayFinder::Keep(Node node) {
  constexpr std::size_t kFew = 16;  // are found quickest one by one
  int place = FindNode(node.values);
  if (place < 0) place = static_cast<int>(nodes_.size());
  open_.push_back({node.cost, node.length, place});
  if (static_cast<std::size_t>(place) < nodes_.size()) {
    nodes_[static_cast<std::size_t>(place)] = std::move(node);
    return;
  }
  nodes_.push_back(std::move(node));
  if (!places_.empty()) {
    places_.emplace(nodes_.back().values, place);
  } else if (nodes_.size() > kFew) {
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      places_.emplace(nodes_[i].values, static_cast<int>(i));
  }
}

void WayFinder::Expand(int from) {
  for (const int step : operators_) {
    const Node& node = nodes_[static_cast<std::size_t>(from)];
    Node next{node.values,
              node.cost + problem_.operators[static_cast<std::size_t>(step)].cost,
              node.length + 1,
              from,
              step};
    if (!Apply(step, next.values)) continue;
    const int known = FindNode(next.values);
    if (known >= 0) {
      const Node& there = nodes_[static_cast<std::size_t>(known)];
      if (std::tie(there.cost, there.length) <= std::tie(next.cost, next.length)) continue;
    }
    if (refinement_.IsPossible({group_->variables, node.values, next.values, step})) {
      Keep(std::move(next));
    } else {
      has_left_out_ = true;
    }
  }
}

std::vector<int> WayFinder::WayTo(int node) const {
  std::vector<int> way;
  for (const Node* at = &nodes_[static_cast<std::size_t>(node)]; at->through >= 0;
       at = &nodes_[static_cast<std::size_t>(at->previous)])
    way.push_back(at->through);
  std::reverse(way.begin(), way.end());
  return way;
}

}  // namespace poolshift::plan
