// Checker: an independent look at an ordered plan against the problem that it solves. It shares no
// code with the planner (floor rule: check may include only model), so that one mistake cannot hide
// the other.
//
// Checked: every step is applicable when its predecessors are done; every clause holds in every set
// of steps that can be done at some moment (an ideal of the order); the end is the goal; the order
// has no edge to a later step. Ideals are enumerated up to `cap`; beyond it the plan is checked
// along its own sequence and along `kExtensions` others.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "controller/model/problem.h"

namespace poolshift::check {

struct Findings {
  std::vector<std::string> faults;  // empty: the plan is what it says
  std::int64_t ideals = 0;          // states looked at
  bool exhaustive = false;          // all ideals were
};

// `steps` are operator indices, `needs` positions in `steps`.
Findings CheckOrder(const PlanningProblem& problem,
                    const std::vector<int>& steps,
                    const std::vector<std::vector<int>>& needs,
                    std::int64_t cap = 5000);

}  // namespace poolshift::check
