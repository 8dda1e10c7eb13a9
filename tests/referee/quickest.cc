#include "tests/referee/quickest.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <unordered_map>

namespace referee {
namespace {

constexpr std::size_t kMostSets = 200'000;

using Moves = std::vector<std::size_t>;  // ascending

bool IsGoal(const Plan& asked, const State& state) {
  for (std::size_t i = 0; i < state.size(); ++i)
    if (asked.goal[i] >= 0 && state[i] != static_cast<char>(asked.goal[i])) return false;
  return true;
}

// All orders of one set of moves. What is left of the set says in which state one is, so a node is
// the part that is made, as bits.
class Orders {
 public:
  Orders(const Puzzle& puzzle, const Plan& asked, const Moves& moves)
      : puzzle_(puzzle), asked_(asked), moves_(moves) {
    const std::size_t all = moves.size();
    before_.assign(all, std::vector<bool>(all, true));
    Walk(0, asked.start);
  }

  // The longest forced chain.
  std::int64_t Longest() const {
    std::vector<std::int64_t> end(moves_.size(), -1);
    std::int64_t longest = 0;
    for (std::size_t i = 0; i < moves_.size(); ++i)
      longest = std::max(longest, Finish(i, end));
    return longest;
  }

 private:
  // Whether the rest can be made from here; notes what can be made without what.
  bool Walk(std::uint64_t made, const State& state) {
    if (made == (std::uint64_t{1} << moves_.size()) - 1) return IsGoal(asked_, state);
    const auto known = alive_.find(made);
    if (known != alive_.end()) return known->second;
    bool alive = false;
    State after;
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      const std::uint64_t bit = std::uint64_t{1} << i;
      if ((made & bit) != 0 || !puzzle_.Allows(puzzle_.moves[moves_[i]], state, after)) continue;
      if (!Walk(made | bit, State(after))) continue;
      alive = true;
      for (std::size_t other = 0; other < moves_.size(); ++other)
        if ((made >> other & 1) == 0) before_[i][other] = false;
    }
    return alive_[made] = alive;
  }

  std::int64_t Finish(std::size_t i, std::vector<std::int64_t>& end) const {
    if (end[i] >= 0) return end[i];
    std::int64_t begin = 0;
    for (std::size_t earlier = 0; earlier < moves_.size(); ++earlier)
      if (earlier != i && before_[i][earlier]) begin = std::max(begin, Finish(earlier, end));
    return end[i] = begin + puzzle_.moves[moves_[i]].milliseconds;
  }

  const Puzzle& puzzle_;
  const Plan& asked_;
  const Moves& moves_;
  std::vector<std::vector<bool>> before_;  // [i][k]: k is made before i in every order
  std::unordered_map<std::uint64_t, bool> alive_;
};

// Every set of moves that leads from start to goal.
class Sets {
 public:
  Sets(const Puzzle& puzzle, const Plan& asked, std::int64_t cap)
      : puzzle_(puzzle), asked_(asked), cap_(cap) {}

  // Nothing: there are too many.
  std::optional<std::set<Moves>> Find() {
    std::set<std::pair<State, Moves>> seen;
    std::vector<std::pair<State, Moves>> open{{asked_.start, {}}};
    std::set<Moves> found;
    State after;
    for (std::size_t at = 0; at < open.size(); ++at) {
      if (static_cast<std::int64_t>(open.size()) > cap_ || found.size() > kMostSets)
        return std::nullopt;
      const auto [state, moves] = open[at];
      if (IsGoal(asked_, state)) found.insert(moves);
      for (std::size_t move = 0; move < puzzle_.moves.size(); ++move) {
        if (std::binary_search(moves.begin(), moves.end(), move)) continue;
        if (!puzzle_.Allows(puzzle_.moves[move], state, after)) continue;
        Moves more = moves;
        more.insert(std::upper_bound(more.begin(), more.end(), move), move);
        if (seen.emplace(after, more).second) open.emplace_back(after, std::move(more));
      }
    }
    states_ = static_cast<std::int64_t>(open.size());
    return found;
  }

  std::int64_t states() const { return states_; }

 private:
  const Puzzle& puzzle_;
  const Plan& asked_;
  const std::int64_t cap_;
  std::int64_t states_ = 0;
};

}  // namespace

Optimum FindQuickest(const Puzzle& puzzle, const Plan& asked, std::int64_t cap) {
  Optimum optimum;
  Sets sets(puzzle, asked, cap);
  const std::optional<std::set<Moves>> found = sets.Find();
  optimum.states = sets.states();
  optimum.decided = found.has_value();
  if (!optimum.decided) return optimum;
  optimum.exists = !found->empty();
  optimum.milliseconds = std::numeric_limits<std::int64_t>::max();
  for (const Moves& moves : *found) {
    const std::int64_t time = Orders(puzzle, asked, moves).Longest();
    int cost = 0;
    for (const std::size_t move : moves)
      cost += puzzle.moves[move].cost;
    const bool better =
        time < optimum.milliseconds || (time == optimum.milliseconds && cost < optimum.cost);
    if (!better) continue;
    optimum.milliseconds = time;
    optimum.cost = cost;
  }
  return optimum;
}

}  // namespace referee
