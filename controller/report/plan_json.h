// The plan for programs. The format is a promise: docs/plan-json.md.
#pragma once

#include <string>

#include "controller/model/plan.h"

namespace poolshift {

// The version of a plan and of a way back; as kFormatVersion for the other documents.
inline constexpr const char* kPlanFormatVersion = "2.2";

std::string PlanJson(const Plan& plan);

}  // namespace poolshift
