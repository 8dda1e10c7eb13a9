// Reliance: which part of what a plan read its order rests on.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "controller/model/observation.h"
#include "controller/model/problem.h"

namespace poolshift {

// The keys of `basis` whose resources the clauses and preconditions join to what the steps change,
// besides those that no operator can change: they say what there is to do. Sorted.
std::vector<ObservationKey> WhatItRestsOn(
    const PlanningProblem& problem,
    const std::vector<int>& steps,
    const std::vector<std::pair<ObservationKey, std::string>>& basis);

// By step, in order: the places of the gates before it whose evidence grows old and that a rule
// joins to what it changes: by a clause of the two alone, or as its precondition. Sorted.
std::vector<std::vector<int>> GatesReliedOn(const PlanningProblem& problem,
                                            const std::vector<int>& steps);

}  // namespace poolshift
