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

}  // namespace poolshift
