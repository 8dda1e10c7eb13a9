// Checker: an independent look at an ordered plan against the problem that it solves. It shares no
// code with the planner (floor rule: check may include only model), so that one mistake cannot hide
// the other.
//
// Checked: every step is applicable when its predecessors are done; every clause holds in every set
// of steps that can be done at some moment (an ideal of the order); the end is the goal; the order
// has no edge to a later step (and, apart, whether each edge is needed); the certificate's numbers
// are those of the problem. Rules are proved clause by clause at every size (proof.h); ideals are
// enumerated beside that, for plans of up to 64 steps and up to `cap`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "controller/model/plan.h"
#include "controller/model/problem.h"

namespace poolshift::check {

struct Findings {
  std::vector<std::string> faults;  // empty: the plan is what it says
  std::int64_t ideals = 0;          // enumerated
  bool exhaustive = false;          // all ideals were
  std::int64_t edges = 0;
  // Edges that others imply, or without which the order would be as safe. They cost time, not
  // safety, so that they are no faults.
  std::vector<std::string> idle;
};

// `steps` are operator indices, `needs` positions in `steps`.
Findings CheckOrder(const PlanningProblem& problem,
                    const std::vector<int>& steps,
                    const std::vector<std::vector<int>>& needs,
                    std::int64_t cap = 5000);

// What the certificate says and the problem does not.
std::vector<std::string> CheckCertificate(const PlanningProblem& problem,
                                          const std::vector<int>& steps,
                                          const std::vector<std::vector<int>>& needs,
                                          const Certificate& certificate);

}  // namespace poolshift::check
