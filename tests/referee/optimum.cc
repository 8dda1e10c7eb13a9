#include "tests/referee/optimum.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <set>
#include <tuple>
#include <unordered_map>

namespace referee {
namespace {

constexpr int kFar = std::numeric_limits<int>::max();

struct Arc {
  std::size_t move = 0;
  std::size_t to = 0;
};

class Explorer {
 public:
  Explorer(const Puzzle& puzzle, const Plan& asked, std::int64_t cap)
      : puzzle_(puzzle), asked_(asked), cap_(cap), share_(puzzle.sizes.size(), 0) {
    FindShares();
  }

  Optimum Run() {
    Optimum optimum;
    if (!Explore(optimum)) return optimum;
    optimum.decided = true;
    optimum.exists = best_ < kFar;
    if (!optimum.exists) return optimum;
    optimum.cost = best_;
    KeepShortest();
    const std::set<Moves> choices = Choices();
    optimum.decided = !choices.empty();
    optimum.milliseconds = std::numeric_limits<std::int64_t>::max();
    for (const Moves& moves : choices) {
      allowed_ = moves;
      optimum.milliseconds = std::min(optimum.milliseconds, LongestForced());
    }
    return optimum;
  }

 private:
  using Moves = std::vector<bool>;

  // The sets of moves that cheapest plans make; none when there are too many.
  std::set<Moves> Choices() const {
    constexpr std::size_t kMost = 5000;
    std::vector<std::size_t> waiting(states_.size());
    for (const auto& arcs : arcs_) {
      for (const Arc& arc : arcs)
        ++waiting[arc.to];
    }
    std::vector<std::set<Moves>> made(states_.size());
    made[0].insert(Moves(puzzle_.moves.size()));
    std::vector<std::size_t> open;
    for (std::size_t at = 0; at < states_.size(); ++at) {
      if (waiting[at] == 0) open.push_back(at);
    }
    std::set<Moves> choices;
    for (std::size_t i = 0; i < open.size(); ++i) {
      std::set<Moves>& here = made[open[i]];
      if (here.size() > kMost) return {};
      if (std::count(goals_.begin(), goals_.end(), open[i]) > 0)
        choices.insert(here.begin(), here.end());
      for (const Arc& arc : arcs_[open[i]]) {
        for (Moves moves : here) {
          moves[arc.move] = true;
          made[arc.to].insert(std::move(moves));
        }
        if (--waiting[arc.to] == 0) open.push_back(arc.to);
      }
      here.clear();
    }
    return choices;
  }

  // What a variable off its goal must still cost: a move's cost is shared by all that it changes.
  // In sixtieths, so that they add up exactly.
  void FindShares() {
    std::vector<int> least(share_.size(), kFar);
    for (const Move& move : puzzle_.moves) {
      for (const Effect& effect : move.effects) {
        least[effect.variable] = std::min(least[effect.variable],
                                          60 * move.cost / static_cast<int>(move.effects.size()));
      }
    }
    for (std::size_t i = 0; i < share_.size(); ++i)
      share_[i] = least[i] == kFar ? 0 : least[i];
  }

  bool IsGoal(const State& state) const {
    for (std::size_t i = 0; i < state.size(); ++i) {
      if (asked_.goal[i] >= 0 && state[i] != static_cast<char>(asked_.goal[i])) return false;
    }
    return true;
  }

  int Estimate(const State& state) const {
    int sum = 0;
    for (std::size_t i = 0; i < state.size(); ++i) {
      if (asked_.goal[i] >= 0 && state[i] != static_cast<char>(asked_.goal[i])) sum += share_[i];
    }
    return (sum + 59) / 60;
  }

  std::size_t Place(const State& state) {
    const auto [at, added] = place_.emplace(state, states_.size());
    if (added) {
      states_.push_back(state);
      cost_.push_back(kFar);
      arcs_.emplace_back();
    }
    return at->second;
  }

  // Every state whose cost and estimate do not exceed the optimum, cheapest first. False: too many.
  bool Explore(Optimum& optimum) {
    using Entry = std::tuple<int, int, std::size_t>;  // cost + estimate, minus cost, place
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
    cost_[Place(asked_.start)] = 0;
    open.emplace(Estimate(asked_.start), 0, 0);
    while (!open.empty()) {
      const auto [total, minus_cost, at] = open.top();
      open.pop();
      if (total > best_) break;
      if (-minus_cost != cost_[at] || !arcs_[at].empty()) continue;
      if (++optimum.states > cap_) return false;
      const State state = states_[at];
      if (IsGoal(state)) best_ = std::min(best_, cost_[at]);
      State after;
      for (std::size_t move = 0; move < puzzle_.moves.size(); ++move) {
        if (!puzzle_.Allows(puzzle_.moves[move], state, after)) continue;
        const std::size_t to = Place(after);
        arcs_[at].push_back({move, to});
        const int cost = cost_[at] + puzzle_.moves[move].cost;
        if (cost >= cost_[to]) continue;
        cost_[to] = cost;
        open.emplace(cost + Estimate(after), -cost, to);
      }
    }
    return true;
  }

  // Leaves only arcs on cheapest ways from the start to a goal.
  void KeepShortest() {
    std::vector<std::vector<std::size_t>> back(states_.size());
    for (std::size_t from = 0; from < states_.size(); ++from) {
      auto& arcs = arcs_[from];
      arcs.erase(std::remove_if(arcs.begin(),
                                arcs.end(),
                                [&](const Arc& arc) {
                                  return cost_[from] == kFar ||
                                         cost_[from] + puzzle_.moves[arc.move].cost !=
                                             cost_[arc.to];
                                }),
                 arcs.end());
      for (const Arc& arc : arcs)
        back[arc.to].push_back(from);
    }
    std::vector<bool> leads(states_.size());
    std::vector<std::size_t> open;
    for (std::size_t at = 0; at < states_.size(); ++at) {
      if (cost_[at] == best_ && IsGoal(states_[at])) {
        leads[at] = true;
        goals_.push_back(at);
        open.push_back(at);
      }
    }
    for (std::size_t at = 0; at < open.size(); ++at) {
      for (const std::size_t from : back[open[at]]) {
        if (!leads[from]) {
          leads[from] = true;
          open.push_back(from);
        }
      }
    }
    for (auto& arcs : arcs_) {
      arcs.erase(
          std::remove_if(arcs.begin(), arcs.end(), [&](const Arc& arc) { return !leads[arc.to]; }),
          arcs.end());
    }
  }

  // The states reachable from `from` without the move `banned`.
  std::vector<bool> Reachable(const std::vector<std::size_t>& from, std::size_t banned) const {
    std::vector<bool> seen(states_.size());
    std::vector<std::size_t> open = from;
    for (const std::size_t at : from)
      seen[at] = true;
    for (std::size_t i = 0; i < open.size(); ++i) {
      for (const Arc& arc : arcs_[open[i]]) {
        if (arc.move == banned || !allowed_[arc.move] || seen[arc.to]) continue;
        seen[arc.to] = true;
        open.push_back(arc.to);
      }
    }
    return seen;
  }

  // By chains over "a is made before b in every cheapest plan", both made in all of them.
  std::int64_t LongestForced() {
    std::vector<std::size_t> needed;
    std::vector<std::vector<bool>> without(puzzle_.moves.size());
    for (std::size_t move = 0; move < puzzle_.moves.size(); ++move) {
      if (!allowed_[move]) continue;
      without[move] = Reachable({0}, move);
      const bool avoidable = std::any_of(
          goals_.begin(), goals_.end(), [&](std::size_t goal) { return without[move][goal]; });
      if (!avoidable) needed.push_back(move);
    }
    // b can be before a when b leaves a state that is reached without a.
    std::vector<std::vector<std::size_t>> before(puzzle_.moves.size());
    for (const std::size_t b : needed) {
      for (const std::size_t a : needed) {
        bool first = false;
        for (std::size_t at = 0; at < states_.size() && !first; ++at) {
          if (!without[a][at]) continue;
          for (const Arc& arc : arcs_[at])
            first = first || arc.move == b;
        }
        if (a != b && !first) before[b].push_back(a);
      }
    }
    std::vector<std::int64_t> end(puzzle_.moves.size(), -1);
    const std::function<std::int64_t(std::size_t)> finish = [&](std::size_t move) {
      if (end[move] >= 0) return end[move];
      std::int64_t begin = 0;
      for (const std::size_t earlier : before[move])
        begin = std::max(begin, finish(earlier));
      return end[move] = begin + puzzle_.moves[move].milliseconds;
    };
    std::int64_t longest = 0;
    for (const std::size_t move : needed)
      longest = std::max(longest, finish(move));
    return longest;
  }

  const Puzzle& puzzle_;
  const Plan& asked_;
  const std::int64_t cap_;
  std::vector<int> share_;  // by variable
  std::unordered_map<State, std::size_t> place_;
  std::vector<State> states_;
  std::vector<int> cost_;               // by place
  std::vector<std::vector<Arc>> arcs_;  // by place
  std::vector<std::size_t> goals_;      // places
  Moves allowed_;
  int best_ = kFar;
};

}  // namespace

Optimum FindOptimum(const Puzzle& puzzle, const Plan& asked, std::int64_t cap) {
  return Explorer(puzzle, asked, cap).Run();
}

}  // namespace referee
