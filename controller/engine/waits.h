// Waits: a plan's order, asked why it is so.
#pragma once

#include <vector>

#include "controller/engine/planning.h"
#include "controller/report/explanation.h"

namespace poolshift {

// The shortest chain of direct waits from the earlier action to the later one, with what would be
// wrong without each; empty when the plan leaves them free. `reasoning` is that of the plan.
std::vector<Wait> WaitsBetween(const Plan& plan,
                               const Reasoning& reasoning,
                               const ActionId& earlier,
                               const ActionId& later);

}  // namespace poolshift
