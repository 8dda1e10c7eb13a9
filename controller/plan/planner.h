// Planner: PlanningProblem -> the cheapest safe order of operators, with its certificate. A pure
// function.
//
// Way of working (docs/planner.md): each group's cheapest way, refined by the clauses; interleaved;
// if that succeeds, cost equals the lower bound and the plan is minimal by proof. Otherwise the
// groups that hold each other up are searched as one, within a budget.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "controller/model/plan.h"
#include "controller/model/problem.h"

namespace poolshift::plan {

struct Solution {
  std::vector<int> steps;  // operators, in one safe order
  std::vector<std::vector<int>>
      needs;  // by position in `steps`: positions that come before, reduced
  Certificate certificate;
};

// No plan exists, or none was found within the budget.
struct NoSolution {
  bool proved = false;             // there is none (else: the budget ended)
  std::vector<std::string> stuck;  // variables that cannot reach their goal, by name
  std::vector<Reason> because;     // the clauses that stand in the way
  std::vector<Demand> demands;     // proved: what cannot all be met, as few as possible
};

// What is wanted, and how much work it is worth.
struct Budget {
  std::int64_t states = 200000;
  Objective objective = Objective::kFewestActions;
  std::int64_t moments = 20000;  // of the search for the plan that takes least time
};

std::variant<Solution, NoSolution> Solve(const PlanningProblem& problem, const Budget& budget = {});

// The actions of a solution: ids made from content, `needs` and produced_by filled in, in order.
std::vector<Action> ActionsOf(const PlanningProblem& problem, const Solution& solution);
// The same for a problem that nobody needs any more: its actions are moved, not copied.
std::vector<Action> ActionsOf(PlanningProblem&& problem, const Solution& solution);

}  // namespace poolshift::plan
