// Whether what was seen is what a gate waits for, and if not, what lags: the words of its time-out.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "controller/model/observation.h"
#include "controller/model/plan.h"

namespace poolshift {

// `produced` is the number that kAtLeastProduced compares with. An empty property name means the
// resource as a whole: value null = it is absent, a map = it has at least these members. A property
// that could not be read, or a resource that could not be looked at, never holds.
bool Holds(const Expectation& expectation, std::int64_t produced, const Observation& seen);

// By expectation, whether it holds. What the gate expects of one resource from several vantages
// holds as soon as `vantages_required` of them see all of it; vantages that disagree or could not
// look are then no matter. `produced` is by expectation; what was not seen does not hold.
std::vector<bool> WhatHolds(const Gate& gate,
                            const std::vector<std::int64_t>& produced,
                            const std::map<ObservationKey, Observation>& seen);

// "Lamp/hall hours is 41, wanted at least 42 (seen from outside1)". `seen` is
// null when there has been no answer yet. "Could not look" is said as such.
std::string Lag(const Expectation& expectation, std::int64_t produced, const Observation* seen);

}  // namespace poolshift
