// Puzzle: a planning problem as the referee reads it from text, and the moves that its rules allow.
//
// One puzzle, one word or number after another (line ends are spaces):
//   puzzle NAME
//   variable NAME SIZE
//   operator COST MILLISECONDS EFFECTS {variable from to} NEEDS {variable COUNT {value}}
//   clause LEAST MOST LITERALS {variable COUNT {value}}        (MOST -1: no limit)
//   all                                                        (every ordered pair is asked for)
//   quick                                                      (least time first, then cost)
//   even                                                       (moves are alike: see Puzzle::even)
//   plan {start} {goal} COST MILLISECONDS STEPS {operator COUNT {earlier position}}
//   try {start} {goal} ...                                     (as plan; not said to be the best)
//   none {start} {goal}
//   end
// {start} and {goal} have a number a variable; goal -1 is any value.
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace referee {

using State = std::string;  // a byte a variable

struct Condition {
  std::size_t variable = 0;
  std::vector<bool> holds;  // by value
};

struct Effect {
  std::size_t variable = 0;
  char from = 0;
  char to = 0;
};

struct Move {
  int cost = 0;
  std::int64_t milliseconds = 0;
  std::vector<Effect> effects;
  std::vector<Condition> needs;
};

struct Rule {
  int least = 0;
  int most = -1;
  std::vector<Condition> conditions;
};

struct Puzzle {
  std::string name;
  std::vector<int> sizes;  // by variable
  std::vector<Move> moves;
  std::vector<Rule> rules;
  std::vector<std::vector<std::size_t>> rules_of;  // by variable; made by Finish()
  bool all = false;
  bool quick = false;
  bool even = false;  // moves cost 1, change one variable, take equally long, and can be taken back

  void Finish();
  // How far the rule is from holding: 0 = it holds.
  int Missing(const Rule& rule, const State& state) const;
  bool IsSafe(const State& state) const;
  // Whether the move may be made in `state`: it starts there, its needs are met, and no rule gets
  // further from holding. `after` is the state that it leads to.
  bool Allows(const Move& move, const State& state, State& after) const;
};

struct Plan {
  State start;
  std::vector<int> goal;  // by variable; -1: any
  bool exists = false;    // "none" otherwise
  bool is_best = true;    // "try" otherwise
  int cost = 0;
  std::int64_t milliseconds = 0;
  std::vector<std::size_t> moves;
  std::vector<std::vector<std::size_t>> needs;  // by position
};

// The next word's part of `puzzle`. Throws std::runtime_error on text that is none.
void ReadPart(const std::string& word, std::istream& in, Puzzle& puzzle);
Plan ReadPlan(bool exists, std::istream& in, const Puzzle& puzzle);

}  // namespace referee
