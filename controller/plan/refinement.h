// Refinement: can an operator ever be used between two states of its group? It cannot when no
// values of the other variables satisfy every clause both before and after it. Deleting such edges
// from a value graph lengthens the shortest way to what every plan must really do ("detach before
// swap"), and keeps it a lower bound.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/plan/index.h"

namespace poolshift::plan {

struct Transition {
  const std::vector<VariableIndex>& variables;  // of the group, sorted
  const std::vector<ValueIndex>& before;        // their values
  const std::vector<ValueIndex>& after;
  int step = 0;  // operator
};

// Asked once for every edge of every group, so it keeps its memory from one question to the next.
// Borrows both.
class Refinement {
 public:
  Refinement(const PlanningProblem& problem, const Index& index);

  // False only when it is proved that the transition can never happen. The proof is unit
  // propagation over at most a fixed number of clauses, so true may be too optimistic (the bound
  // stays a bound).
  bool IsPossible(const Transition& transition);

  // What must be so of variables outside while it happens, by the same proof: those of which not
  // every value will do. Absent when it can never happen.
  std::optional<std::vector<Literal>> NeedsOf(const Transition& transition);

  // The rules that clauses stand for, by id, each once.
  const std::vector<std::string>& Rules();
  // Of which rules (places in Rules()) a clause was looked at from now on. Borrowed; null: nobody
  // wants to know.
  void Tell(std::vector<bool>* consulted) { consulted_ = consulted; }
  // From now on only the clauses of these rules (places in Rules()) prove anything.
  void CountOnly(std::vector<bool> rules);
  void CountAll() { counted_.clear(); }

 private:
  // Which values a variable outside the group may still have; one bit a value. A variable with more
  // values than bits is never narrowed down: it has one bit, and no literal on it is ever decided.
  using Domain = std::uint64_t;
  // What is known of a variable in one question.
  struct Known {
    int question = 0;
    int place = -1;  // in the group, or -1
    Domain domain = 0;
  };
  struct FlatLiteral {
    std::size_t variable = 0;
    Domain bits = 0;  // its values; 0: never decided
    const Literal* literal = nullptr;
  };

  struct Bounds {
    int at_least = 0, at_most = 0;
  };

  FlatLiteral Flatten(const Literal& literal) const;
  // False of a clause that proves nothing for now.
  bool Consult(int clause);
  // In the class, so that it is compiled into its callers: every literal of every clause asks.
  Known& KnownOf(std::size_t variable) {
    Known& known = known_[variable];
    if (known.question != question_) known = {question_, -1, initial_[variable]};
    return known;
  }
  // Whether a literal on a variable of the group holds at this value of it.
  static bool HoldsAt(const FlatLiteral& literal, ValueIndex value) {
    if (literal.bits == 0) return Holds(*literal.literal, value);
    return (literal.bits >> static_cast<unsigned>(value) & 1U) != 0;
  }
  bool Restrict(const FlatLiteral& literal, bool truth);
  // Whether the clause can hold when the group has these values. `mentions`: some literal is on a
  // variable of the group.
  bool Visit(int clause, const std::vector<ValueIndex>& group_state, bool& mentions);
  void Touch(std::size_t variable);

  const PlanningProblem& problem_;
  const Index& index_;
  const Rows<FlatLiteral> literals_;  // by clause; none where a clause proves nothing
  std::vector<Bounds> bounds_;        // by clause
  std::vector<Domain> initial_;       // by variable
  const Transition* transition_ = nullptr;
  int question_ = 0;
  std::vector<Known> known_;    // by variable
  std::vector<int> queued_in_;  // by clause: the question in which it waits
  std::vector<int> waiting_;    // clauses, from `next_` on
  std::size_t next_ = 0;
  std::vector<const FlatLiteral*> open_;  // of the clause that is visited
  std::vector<std::string> rules_;        // once somebody has asked
  std::vector<std::size_t> rule_of_;      // by clause, a place in `rules_`
  std::vector<bool>* consulted_ = nullptr;
  std::vector<bool> counted_;  // empty: every rule
};

}  // namespace poolshift::plan
