// Space: every safe state of a small puzzle, with exact distances between all of them. For puzzles
// whose operators all cost 1, change one variable and take equally long.
#pragma once

#include <cstdint>
#include <set>
#include <unordered_map>
#include <vector>

#include "tests/referee/puzzle.h"

namespace referee {

class Space {
 public:
  static constexpr int kNever = 255;

  explicit Space(const Puzzle& puzzle);

  std::size_t size() const { return states_.size(); }
  // The place of a safe state; size() when it is none.
  std::size_t Find(const State& state) const;
  // Fewest actions.
  int Distance(std::size_t from, std::size_t to) const { return distance_[from * size() + to]; }
  // Fewest rounds to `goal`, by state, when actions side by side count as one round and every
  // subset of a round is safe: among plans with fewest actions; and among all plans, with the
  // fewest actions that so many rounds can do with.
  struct Quickest {
    int rounds = kNever;
    int actions = kNever;
  };
  std::vector<int> RoundsOfSmallest(std::size_t goal) const;
  std::vector<Quickest> RoundsOfAny(std::size_t goal) const;

 private:
  struct Step {
    std::size_t move = 0;
    std::size_t to = 0;
  };
  void AddStates(State& state, std::size_t variable);
  void Walk(std::size_t from);
  template <typename Visit>
  void EachRound(std::size_t from, const std::vector<Step>& steps, const Visit& visit) const;

  const Puzzle& puzzle_;
  std::vector<State> states_;
  std::unordered_map<State, std::size_t> place_;
  std::vector<std::vector<Step>> steps_;  // by state
  std::vector<std::vector<int>> to_;      // by state, by move: the place, or -1
  std::vector<std::uint8_t> distance_;    // by pair
  struct Round {
    std::size_t from = 0;
    std::size_t actions = 0;
    bool operator<(const Round& other) const { return from < other.from; }
  };
  mutable std::vector<std::set<Round>> rounds_;  // by state: one round of any moves back
};

}  // namespace referee
