// Proof: that an order keeps every rule in every state that it allows, however many these are. What
// one clause says depends only on the steps that touch it, so that each clause is proved by itself.
//
// Let the steps that make one more literal hold be takers, those that make one less hold givers.
// The most that can hold at once is what holds at the start, plus the takers, less the greatest
// number of pairs (giver, taker) with the giver before the taker and nobody in two pairs: the
// greatest closure of the order, by Koenig's theorem. The least is the same with the roles
// exchanged. Both are exact, not estimates.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/check/order.h"
#include "controller/model/problem.h"

namespace poolshift::check {

class Proof {
 public:
  // Borrows all of them.
  Proof(const PlanningProblem& problem, const std::vector<int>& steps, Order& order);

  // What is not proved: a step that may find another state than it needs, a rule that can be
  // broken.
  std::vector<std::string> Faults() const;
  // Whether the order is unsafe without `later` waiting for `earlier`.
  bool NeedsEdge(int earlier, int later);

 private:
  struct Change {
    int position = 0;
    ValueIndex from = 0;
    ValueIndex to = 0;
  };
  struct Shift {
    int position = 0;
    int by = 0;  // how many more literals hold afterwards
  };

  const Operator& Step(int position) const;
  bool ChangeTheSame(int one, int other) const;
  bool Unprepares(int other, int position) const;
  std::vector<int> TouchedBy(int position) const;  // clauses
  std::size_t CountTouched(int position) const;
  std::vector<Shift> ShiftsOf(const Clause& clause) const;
  bool IsKept(const Clause& clause) const;
  bool IsRepaired(const std::vector<Shift>& shifts, int sign, int start, int most) const;
  int Most(const std::vector<Shift>& shifts, int sign) const;
  bool IsMet(const Literal& needed, int position) const;
  std::optional<std::string> ChainFault(VariableIndex variable) const;

  const PlanningProblem& problem_;
  const std::vector<int>& steps_;
  Order& order_;
  std::vector<std::vector<int>> clauses_;     // by variable
  std::vector<std::vector<Change>> changes_;  // by variable, in the plan's order
  // By position, the variables that it changes, sorted: there may be thousands.
  std::vector<std::vector<VariableIndex>> effects_;
};

}  // namespace poolshift::check
