// How the lower bound of a plan adds up, in words: in a line for the plan, in full for those who
// ask.
#pragma once

#include <string>

#include "controller/model/plan.h"

namespace poolshift {

// "10 = 4 services + 3 record sets + 3 for 1 site route (I-4)": like things together, those that
// the rules make dearer with the rules. "10" when nothing is known of it.
std::string BoundSum(const Certificate& certificate);

// "the XMPP route of Site1: edgepool1 -> edgepool2", for every goal of the share.
std::string ShareText(const BoundShare& share);

}  // namespace poolshift
