// Bounder: what must at least happen to the variables of one part of a problem, and what must be
// true of all others while one step happens. Not what any plan does: only the problem is read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/model/problem.h"

namespace poolshift::check {

using Values = std::vector<ValueIndex>;  // of a part's variables
using ValueSet = std::uint64_t;          // of one variable: bit i is value i

struct Demand {
  VariableIndex variable;
  ValueSet values;
};

struct Part {
  std::vector<VariableIndex> variables;
  std::vector<int> operators;
};

class Bounder {
 public:
  explicit Bounder(const PlanningProblem& problem);

  // -1: the goal cannot be reached.
  int Distance(const Part& part, bool refined);
  // The same, with no other rules (ids) than these.
  int DistanceUnder(const Part& part, const std::vector<std::string>& rules);

  // What variables the step does not change may be while it happens, as far as they are not free.
  // Absent: it can never happen.
  std::optional<std::vector<Demand>> Demands(const Operator& step);

 private:
  const Variable& At(VariableIndex variable) const;
  int PlaceOf(VariableIndex variable) const;
  bool IsGoal(const Values& values) const;
  int Search(bool refined);
  std::optional<Values> After(const Operator& step, const Values& values) const;

  // Narrows down what the variables outside the part may be, clause by clause, until nothing
  // changes or one of them is left without a value.
  bool IsRuledOut(const Operator& step, const Values& before, const Values& after);
  void Open(VariableIndex variable);
  bool HoldsAtStart(const Clause& clause) const;
  bool Counts(const Clause& clause) const;
  ValueSet AllOf(VariableIndex variable) const;
  ValueSet& Possible(VariableIndex variable);

  // One that has more values than a set holds is never narrowed: the bound is only lower by that.
  bool IsWide(VariableIndex variable) const;
  static ValueSet MeantBy(const Literal& literal);

  struct Outlook {
    bool yes, no;  // it may be true, or false
  };
  Outlook OutlookOf(const Literal& literal, const Values& values);
  bool Narrow(const Literal& literal, bool to, const Values& values);
  bool Propagate(const Clause& clause, const Values& values);

  const PlanningProblem& problem_;
  std::vector<std::vector<int>> clauses_;  // by variable
  std::vector<bool> holds_at_start_;       // by clause
  std::vector<bool> moves_;                // by variable: some operator changes it
  std::vector<int> place_;                 // by variable: in the part, or -1
  const Part* part_ = nullptr;
  const std::vector<std::string>* rules_ = nullptr;  // that count; null: all
  // Of one look at a step: what is older belongs to an earlier one.
  std::int64_t round_ = 0;
  std::vector<ValueSet> possible_;      // by variable, when round_of_ is round_
  std::vector<std::int64_t> round_of_;  // by variable
  std::vector<VariableIndex> looked_at_;
  std::vector<int> open_;                // clauses, the first one on top of the heap
  std::vector<std::int64_t> opened_in_;  // by clause: round_ while it is open
  std::vector<const Literal*> undecided_;
};

}  // namespace poolshift::check
