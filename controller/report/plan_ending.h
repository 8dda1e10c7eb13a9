// What a plan's text says after the actions: that no smaller plan exists, how long it takes, from
// where there is a way back, what will be true.
#pragma once

#include <string>
#include <string_view>

#include "controller/model/plan.h"
#include "controller/report/change.h"
#include "controller/report/page.h"
#include "controller/report/plan_text.h"

namespace poolshift {

inline constexpr std::string_view kPrepare = "prepare";  // Plan::phase

// "SIP" of "sip".
std::string ProtocolText(const std::string& protocol);

// Nothing of a plan that is refused or has no actions.
void AddEnding(const Plan& plan,
               const ActionNumbers& numbers,
               std::string_view measured,
               Walk walk,
               Page& page);

}  // namespace poolshift
