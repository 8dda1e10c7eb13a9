// PlanningProblem: what the planner solves. It knows variables with small value sets, operators
// that change them, clauses that must hold in every state, and nothing of Edge pools; `federation`
// lowers the domain to it.
//
// Theory and measured bounds: docs/planner.md. All vectors are in the order in which ties are
// broken.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "controller/model/plan.h"

namespace poolshift {

using VariableIndex = std::int32_t;
using ValueIndex = std::int16_t;  // a label's place in Variable::values

// A variable and its value graph (the edges are the operators).
struct Variable {
  std::string name;                 // "SiteRoute/Site1.xmpp"
  std::vector<std::string> values;  // labels, for messages
  ValueIndex start = 0;
  ValueIndex goal = -1;  // -1: any value will do
  Origin origin = {};    // the manifest line that asks for the goal; may be empty
};

// "variable has one of these values". `values` sorted, not empty.
struct Literal {
  VariableIndex variable = 0;
  std::vector<ValueIndex> values;
};

// Changes `variable` from one value to another.
struct Effect {
  VariableIndex variable = 0;
  ValueIndex from = 0;
  ValueIndex to = 0;
};

// One provider action (or free gate). Applicable when every effect's `from` and every precondition
// holds.
struct Operator {
  Action action;  // template: id, needs and commands are filled in later
  std::vector<Effect>
      effects;  // at least one; several when one action changes several things at once
  std::vector<Literal> preconditions;
  int cost = 1;  // 0 for gates and waits
  // Operators whose results this one's gate compares with (Expectation::kAtLeastProduced).
  std::vector<int> produced_by;
};

// At least `at_least` and at most `at_most` of the literals hold, in every state of every
// interleaving. An implication a => b or c is {not a, b, c} with at_least 1.
struct Clause {
  Reason reason;
  std::vector<Literal> literals;
  int at_least = 0;
  int at_most = INT32_MAX;
  Origin origin = {};  // the manifest line that brings the rule in; may be empty
};

struct PlanningProblem {
  std::vector<Variable> variables;
  std::vector<Operator> operators;
  std::vector<Clause> clauses;
};

}  // namespace poolshift
