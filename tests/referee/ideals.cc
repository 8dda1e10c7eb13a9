#include "tests/referee/ideals.h"

#include <algorithm>
#include <map>
#include <set>

namespace referee {
namespace {

using Done = std::vector<bool>;  // by position

bool IsReady(const Plan& plan, const Done& done, std::size_t position) {
  return !done[position] && std::all_of(plan.needs[position].begin(),
                                        plan.needs[position].end(),
                                        [&](std::size_t before) { return done[before]; });
}

bool IsGoal(const Plan& plan, const State& state) {
  for (std::size_t i = 0; i < state.size(); ++i) {
    if (plan.goal[i] >= 0 && state[i] != static_cast<char>(plan.goal[i])) return false;
  }
  return true;
}

}  // namespace

Ideals LookAtIdeals(const Puzzle& puzzle,
                    const Plan& plan,
                    std::int64_t cap,
                    const std::function<void(const State&)>& visit) {
  Ideals ideals;
  // Breadth first, by number of steps done: one layer holds every ideal of that size.
  std::map<Done, State> layer{{Done(plan.moves.size()), plan.start}};
  for (std::size_t size = 0; size <= plan.moves.size(); ++size) {
    std::map<Done, State> next;
    for (const auto& [done, state] : layer) {
      visit(state);
      if (++ideals.count > cap) {
        ideals.complete = false;
        return ideals;
      }
      for (std::size_t i = 0; i < plan.moves.size(); ++i) {
        if (!IsReady(plan, done, i)) continue;
        State after;
        if (!puzzle.Allows(puzzle.moves[plan.moves[i]], state, after)) {
          ++ideals.unsafe;
          return ideals;
        }
        Done more = done;
        more[i] = true;
        next.emplace(std::move(more), std::move(after));
      }
    }
    if (size == plan.moves.size()) ideals.at_goal = IsGoal(plan, layer.begin()->second);
    layer = std::move(next);
  }
  return ideals;
}

std::int64_t CriticalPath(const Puzzle& puzzle, const Plan& plan) {
  std::vector<std::int64_t> end(plan.moves.size());
  std::int64_t last = 0;
  for (std::size_t i = 0; i < plan.moves.size(); ++i) {
    for (const std::size_t before : plan.needs[i])
      end[i] = std::max(end[i], end[before]);
    end[i] += puzzle.moves[plan.moves[i]].milliseconds;
    last = std::max(last, end[i]);
  }
  return last;
}

int CostOf(const Puzzle& puzzle, const Plan& plan) {
  int cost = 0;
  for (const std::size_t move : plan.moves)
    cost += puzzle.moves[move].cost;
  return cost;
}

}  // namespace referee
