// Points of no return: actions after which no plan leads back to what was (I-22). They also need a
// person's approval.
#pragma once

#include <string>

#include "controller/model/plan.h"

namespace poolshift {

// Why nothing leads back from the action, in a sentence; "" when its opposite can be planned.
std::string NoReturn(const Action& action);

// The place of the plan's first such action, or the number of its actions when there is none.
std::size_t FirstNoReturn(const Plan& plan);

}  // namespace poolshift
