#include "tests/referee/space.h"

#include <algorithm>
#include <numeric>

namespace referee {

Space::Space(const Puzzle& puzzle) : puzzle_(puzzle) {
  State state(puzzle.sizes.size(), 0);
  AddStates(state, 0);
  steps_.resize(size());
  to_.assign(size(), std::vector<int>(puzzle.moves.size(), -1));
  for (std::size_t from = 0; from < size(); ++from) {
    State after;
    for (std::size_t move = 0; move < puzzle.moves.size(); ++move) {
      if (!puzzle.Allows(puzzle.moves[move], states_[from], after)) continue;
      steps_[from].push_back({move, place_.at(after)});
      to_[from][move] = static_cast<int>(place_.at(after));
    }
  }
  distance_.assign(size() * size(), kNever);
  for (std::size_t from = 0; from < size(); ++from)
    Walk(from);
}

void Space::AddStates(State& state, std::size_t variable) {
  if (variable == state.size()) {
    if (!puzzle_.IsSafe(state)) return;
    place_.emplace(state, states_.size());
    states_.push_back(state);
    return;
  }
  for (int value = 0; value < puzzle_.sizes[variable]; ++value) {
    state[variable] = static_cast<char>(value);
    AddStates(state, variable + 1);
  }
}

std::size_t Space::Find(const State& state) const {
  const auto found = place_.find(state);
  return found == place_.end() ? size() : found->second;
}

void Space::Walk(std::size_t from) {
  std::vector<std::size_t> open{from};
  std::uint8_t* const row = &distance_[from * size()];
  row[from] = 0;
  for (std::size_t at = 0; at < open.size(); ++at) {
    for (const Step& step : steps_[open[at]]) {
      if (row[step.to] != kNever) continue;
      row[step.to] = static_cast<std::uint8_t>(row[open[at]] + 1);
      open.push_back(step.to);
    }
  }
}

// Every set of `steps` of which each subset, in any order, is safe. `visit` gets the state after
// all of the set, and how many it has.
template <typename Visit>
void Space::EachRound(std::size_t from, const std::vector<Step>& steps, const Visit& visit) const {
  // The states after each subset of the set so far.
  std::vector<std::size_t> corners{from};
  const auto extend = [&](const auto& self, std::size_t next, std::size_t taken) -> void {
    if (taken > 0) visit(corners.back(), taken);
    for (std::size_t i = next; i < steps.size(); ++i) {
      const std::size_t before = corners.size();
      for (std::size_t corner = 0; corner < before; ++corner) {
        const int to = to_[corners[corner]][steps[i].move];
        if (to < 0) break;
        corners.push_back(static_cast<std::size_t>(to));
      }
      if (corners.size() == 2 * before) self(self, i + 1, taken + 1);
      corners.resize(before);
    }
  };
  extend(extend, 0, 0);
}

std::vector<int> Space::RoundsOfSmallest(std::size_t goal) const {
  std::vector<std::size_t> order(size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return Distance(a, goal) < Distance(b, goal);
  });
  std::vector<int> rounds(size(), kNever);
  rounds[goal] = 0;
  for (const std::size_t from : order) {
    if (from == goal || Distance(from, goal) == kNever) continue;
    std::vector<Step> nearer;
    for (const Step& step : steps_[from]) {
      if (Distance(step.to, goal) == Distance(from, goal) - 1) nearer.push_back(step);
    }
    EachRound(from, nearer, [&](std::size_t to, std::size_t taken) {
      if (Distance(to, goal) + static_cast<int>(taken) == Distance(from, goal))
        rounds[from] = std::min(rounds[from], rounds[to] + 1);
    });
  }
  return rounds;
}

// Two states are one round apart by as many actions as variables differ, since each action changes
// one.
std::vector<Space::Quickest> Space::RoundsOfAny(std::size_t goal) const {
  if (rounds_.empty()) {
    rounds_.resize(size());
    for (std::size_t from = 0; from < size(); ++from) {
      EachRound(from, steps_[from], [&](std::size_t to, std::size_t taken) {
        rounds_[to].insert({from, taken});
      });
    }
  }
  std::vector<Quickest> quickest(size());
  quickest[goal] = {0, 0};
  std::vector<std::size_t> open{goal};
  for (std::size_t at = 0; at < open.size(); ++at) {
    const Quickest here = quickest[open[at]];
    for (const Round& round : rounds_[open[at]]) {
      Quickest& there = quickest[round.from];
      if (there.rounds == kNever) open.push_back(round.from);
      if (there.rounds <= here.rounds) continue;
      there.rounds = here.rounds + 1;
      there.actions = std::min(there.actions, here.actions + static_cast<int>(round.actions));
    }
  }
  return quickest;
}

}  // namespace referee
