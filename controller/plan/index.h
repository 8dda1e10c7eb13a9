// Index: which operators and clauses touch each variable of a problem. Made once, read by every
// step of planning.
#pragma once

#include <vector>

#include "controller/model/problem.h"

namespace poolshift::plan {

// A clause's literal on one variable.
struct Occurrence {
  int clause = 0;
  int literal = 0;
};

struct Index {
  explicit Index(const PlanningProblem& problem);

  std::vector<std::vector<int>> operators;       // by variable: operators with an effect on it
  std::vector<std::vector<Occurrence>> clauses;  // by variable
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
