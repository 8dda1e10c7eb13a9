// Who looks when a gate of a plan asks.
#pragma once

#include <map>
#include <string>

#include "controller/federation/assignment.h"
#include "controller/model/plan.h"

namespace poolshift {

// The provider (manifest name) that observes each subject of the plan's gates, and what the plan
// rests on. What nobody is responsible for is left out.
std::map<ObservationKey, std::string> GateObservers(const Assignment& assignment, const Plan& plan);

}  // namespace poolshift
