#include "controller/plan/shorten.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "controller/plan/deorder.h"
#include "controller/plan/schedule.h"

namespace poolshift::plan {
namespace {

using Way = std::vector<int>;
using Value = std::tuple<absl::Duration, absl::Duration, int>;  // less is better

constexpr std::size_t kMostWays = 16;  // of one group
constexpr int kMostLooks = 2000;       // for them
constexpr int kMostTrials = 48;        // one group after the other

// All ways of a group that cost no more than `most`.
class Ways {
 public:
  Ways(const PlanningProblem& problem, const Index& index, const Group& group, int most)
      : problem_(problem), most_(most) {
    std::set<int> operators;
    for (const VariableIndex variable : group.variables) {
      values_[variable] = problem.variables[static_cast<std::size_t>(variable)].start;
      const auto& touching = index.operators[static_cast<std::size_t>(variable)];
      operators.insert(touching.begin(), touching.end());
    }
    operators_.assign(operators.begin(), operators.end());
  }

  std::vector<Way> All() {
    Go(0);
    return std::move(ways_);
  }

 private:
  bool IsGoal() const {
    return std::all_of(values_.begin(), values_.end(), [this](const auto& at) {
      const ValueIndex goal = problem_.variables[static_cast<std::size_t>(at.first)].goal;
      return goal < 0 || goal == at.second;
    });
  }

  void Go(int cost) {
    if (++looks_ > kMostLooks || ways_.size() >= kMostWays) return;
    if (IsGoal()) {
      ways_.push_back(way_);
      return;
    }
    if (!passed_.insert(values_).second) return;
    for (const int index : operators_) {
      const Operator& step = problem_.operators[static_cast<std::size_t>(index)];
      if (cost + step.cost > most_ || !Starts(step)) continue;
      for (const Effect& effect : step.effects)
        values_[effect.variable] = effect.to;
      way_.push_back(index);
      Go(cost + step.cost);
      way_.pop_back();
      for (const Effect& effect : step.effects)
        values_[effect.variable] = effect.from;
    }
    passed_.erase(values_);
  }

  bool Starts(const Operator& step) const {
    return std::all_of(step.effects.begin(), step.effects.end(), [this](const Effect& effect) {
      return values_.at(effect.variable) == effect.from;
    });
  }

  const PlanningProblem& problem_;
  const int most_;
  std::vector<int> operators_;
  std::map<VariableIndex, ValueIndex> values_;
  std::set<std::map<VariableIndex, ValueIndex>> passed_;  // on the way
  Way way_;
  std::vector<Way> ways_;
  int looks_ = 0;
};

class Shortener {
 public:
  Shortener(const PlanningProblem& problem,
            const Index& index,
            const std::vector<Group>& groups,
            std::vector<int> steps,
            int dearer)
      : problem_(problem),
        index_(index),
        groups_(groups),
        dearer_(dearer),
        group_of_(problem.variables.size()),
        others_(groups.size()) {
    for (std::size_t group = 0; group < groups.size(); ++group) {
      for (const VariableIndex variable : groups[group].variables)
        group_of_[static_cast<std::size_t>(variable)] = group;
    }
    best_.ways.resize(groups.size());
    for (const int step : steps)
      best_.ways[GroupOf(step)].push_back(step);
    Keep(best_.ways, std::move(steps));
  }

  Shortened Run() {
    OneByOne();
    return {std::move(best_.steps), std::move(best_.needs), best_.time};
  }

 private:
  struct Candidate {
    std::vector<Way> ways;   // by group
    std::vector<int> steps;  // interleaved
    std::vector<std::vector<int>> needs;
    Makespan time;
  };

  std::size_t GroupOf(int step) const {
    const Operator& changes = problem_.operators[static_cast<std::size_t>(step)];
    return group_of_[static_cast<std::size_t>(changes.effects.front().variable)];
  }

  int CostOf(const Way& way) const {
    int cost = 0;
    for (const int step : way)
      cost += problem_.operators[static_cast<std::size_t>(step)].cost;
    return cost;
  }

  // Keeps the ways when they can be interleaved and are better than the best.
  bool Try(const std::vector<Way>& ways) {
    Interleaving interleaving = Interleave(problem_, index_, ways);
    return interleaving.blocked.empty() && Keep(ways, std::move(interleaving.steps));
  }

  bool Keep(std::vector<Way> ways, std::vector<int> steps) {
    std::vector<std::vector<int>> needs = Deorder(problem_, steps);
    const Makespan time = MakespanOf(problem_, steps, needs);
    const Value value = dearer_ == 0 ? Value{time.critical_path, time.makespan, 0}
                                     : Value{time.makespan, time.critical_path, CostOf(steps)};
    if (value >= value_) return false;
    value_ = value;
    best_ = {std::move(ways), std::move(steps), std::move(needs), time};
    return true;
  }

  const std::vector<Way>& OthersOf(std::size_t group) {
    auto& [known, ways] = others_[group];
    if (known) return ways;
    known = true;
    ways = Ways(problem_, index_, groups_[group], CostOf(best_.ways[group]) + dearer_).All();
    std::erase(ways, best_.ways[group]);
    return ways;
  }

  // The groups with a step on the longest chain.
  std::vector<std::size_t> Critical() const {
    const auto duration = [this](std::size_t position) {
      return problem_.operators[static_cast<std::size_t>(best_.steps[position])].action.duration;
    };
    std::vector<absl::Duration> end(best_.steps.size());
    std::size_t last = 0;
    for (std::size_t i = 0; i < end.size(); ++i) {
      for (const int before : best_.needs[i])
        end[i] = std::max(end[i], end[static_cast<std::size_t>(before)]);
      end[i] += duration(i);
      if (end[i] > end[last]) last = i;
    }
    std::set<std::size_t> critical;
    for (bool more = !end.empty(); more;) {
      critical.insert(GroupOf(best_.steps[last]));
      more = false;
      for (const int before : best_.needs[last]) {
        if (end[static_cast<std::size_t>(before)] != end[last] - duration(last)) continue;
        last = static_cast<std::size_t>(before);
        more = true;
        break;
      }
    }
    return {critical.begin(), critical.end()};
  }

  // One group of the longest chain after the other, until none makes it shorter.
  void OneByOne() {
    for (int trials = 0; trials < kMostTrials;) {
      bool better = false;
      for (const std::size_t group : Critical()) {
        for (const Way& way : OthersOf(group)) {
          if (++trials > kMostTrials) return;
          std::vector<Way> ways = best_.ways;
          ways[group] = way;
          better = Try(ways) || better;
          if (better) break;
        }
        if (better) break;
      }
      if (!better) return;
    }
  }

  const PlanningProblem& problem_;
  const Index& index_;
  const std::vector<Group>& groups_;
  const int dearer_;
  std::vector<std::size_t> group_of_;                      // by variable
  std::vector<std::pair<bool, std::vector<Way>>> others_;  // by group, once asked for
  Candidate best_;
  Value value_{absl::InfiniteDuration(), absl::ZeroDuration(), 0};
};

}  // namespace

Shortened Shorten(const PlanningProblem& problem,
                  const Index& index,
                  const std::vector<Group>& groups,
                  std::vector<int> steps,
                  int dearer) {
  return Shortener(problem, index, groups, std::move(steps), dearer).Run();
}

}  // namespace poolshift::plan
