// Index: which operators and clauses touch each variable of a problem. Made once, read by every
// step of planning.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "controller/model/problem.h"

namespace poolshift::plan {

// Many short lists in one piece of memory. A problem has thousands of variables and each a few
// entries.
template <typename T>
class Rows {
 public:
  // Each entry with its row; the entries of a row keep their order.
  Rows(std::size_t rows, const std::vector<std::pair<std::size_t, T>>& entries)
      : begin_(rows + 1), items_(entries.size()) {
    for (const auto& [row, item] : entries)
      ++begin_[row + 1];
    for (std::size_t row = 0; row < rows; ++row)
      begin_[row + 1] += begin_[row];
    std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
    for (const auto& [row, item] : entries)
      items_[next[row]++] = item;
  }

  std::span<const T> operator[](std::size_t row) const {
    return std::span(items_).subspan(begin_[row], begin_[row + 1] - begin_[row]);
  }

 private:
  std::vector<std::size_t> begin_;
  std::vector<T> items_;
};

// A clause's literal on one variable.
struct Occurrence {
  int clause = 0;
  int literal = 0;
};

struct Index {
  explicit Index(const PlanningProblem& problem);

  Rows<int> operators;       // by variable: operators with an effect on it
  Rows<Occurrence> clauses;  // by variable
  std::vector<int> holding;  // by clause: how many of its literals hold at the start
  std::vector<bool> broken;  // by clause: it does not hold at the start, and may be repaired late
};

// The values of all variables.
using State = std::vector<ValueIndex>;

State StartState(const PlanningProblem& problem);

bool Holds(const Literal& literal, ValueIndex value);
bool Holds(const Clause& clause, const State& state);
int CountHolding(const Clause& clause, const State& state);

// Whether a step may change the number of literals that hold from `before` to `after`: the clause
// holds afterwards, or it was broken already and gets no worse (guarantees G3, monotone repair).
bool StaysAllowed(const Clause& clause, int before, int after);

// Whether every effect starts from `state` and every precondition holds in it.
bool IsApplicable(const Operator& step, const State& state);
void ApplyEffects(const Operator& step, State& state);
bool ReachesGoal(const PlanningProblem& problem, const State& state);

}  // namespace poolshift::plan
