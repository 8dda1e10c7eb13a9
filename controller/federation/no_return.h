// Points of no return: actions after which no plan leads back to what was (I-22). They also need a
// person's approval.
#pragma once

#include <string>

#include "controller/model/plan.h"

namespace poolshift {

// Why nothing leads back from the action, in a sentence; "" when its opposite can be planned.
std::string NoReturn(const Action& action);

// Why taking the action back is a point of no return itself, in a sentence; "" when it is none, or
// when nothing leads back at all.
std::string ReturnLoses(const Action& action);

}  // namespace poolshift
