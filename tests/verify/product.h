// Product: problems of the real domain at the smallest size that still has everything: two sites
// with an Edge pool of one server each, both federations, one domain. Every combination of what may
// be declared and of what may be found, lowered by the product's own rules.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "controller/model/problem.h"

namespace poolshift::verify {

struct Enumerated {
  std::int64_t combinations = 0;
  std::int64_t refused = 0;  // by the lowering: there is no problem to solve
};

// Calls `visit` with a name and the problem of every `every`th combination from `first` on that is
// not refused.
Enumerated ForEachProduct(
    std::int64_t first,
    std::int64_t every,
    const std::function<void(const std::string&, const PlanningProblem&)>& visit);

}  // namespace poolshift::verify
