// The plan as text for people: what is dangerous first, then what was concluded, every action with
// its reason and exact command, how the source page's steps were treated, and what will be true
// after. Pure and deterministic.
#pragma once

#include <string>
#include <string_view>

#include "controller/model/plan.h"
#include "controller/report/style.h"

namespace poolshift {

// Whether a plan leads on, or takes another one back.
enum class Walk { kOn, kBack };

// Begins "Plan: N actions, M gates"; gates are not counted as actions. `measured`: which estimates
// were measured in earlier runs; the others are declared.
std::string PlanText(const Plan& plan,
                     const Style& style,
                     std::string_view measured = "",
                     Walk walk = Walk::kOn);

// The flag with which a person approves the action: "--approve PoolFailover/fe1.contoso.net".
std::string ApprovalFlag(const Action& action);

}  // namespace poolshift
