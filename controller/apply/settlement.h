// Settlement: deciding from what is observed whether an action whose answer was lost took effect.
#pragma once

#include <string>

#include "controller/model/observation.h"
#include "controller/model/plan.h"

namespace poolshift {

enum class Verdict {
  kDone,       // the resource is as the action leaves it
  kNotBegun,   // the resource is as the action found it
  kElsewhere,  // neither: somebody else changed it
  kUnknown,    // could not look: nothing may be concluded
};

Verdict Judge(const Action& action, const Observation& observation);

// What was seen, for messages: "absent", "could not look: …" or the properties that the action
// speaks of.
std::string Describe(const Action& action, const Observation& observation);

}  // namespace poolshift
