// Whether what was seen is what a gate waits for, and if not, what lags: the words of its time-out.
#pragma once

#include <cstdint>
#include <string>

#include "controller/model/observation.h"
#include "controller/model/plan.h"

namespace poolshift {

// `produced` is the number that kAtLeastProduced compares with. An empty property name means the
// resource as a whole: value null = it is absent, a map = it has at least these members. A property
// that could not be read, or a resource that could not be looked at, never holds.
bool Holds(const Expectation& expectation, std::int64_t produced, const Observation& seen);

// "Lamp/hall hours is 41, wanted at least 42 (seen from outside1)". `seen` is
// null when there has been no answer yet. "Could not look" is said as such.
std::string Lag(const Expectation& expectation, std::int64_t produced, const Observation* seen);

}  // namespace poolshift
