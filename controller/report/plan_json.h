// The plan for programs. The format is a promise: docs/plan-json.md.
#pragma once

#include <string>

#include "controller/model/plan.h"

namespace poolshift {

std::string PlanJson(const Plan& plan);

}  // namespace poolshift
