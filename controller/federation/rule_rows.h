// Parts of Rules() (rule.h): never seen outside this floor.
#pragma once

#include <vector>

#include "controller/federation/rule.h"

namespace poolshift {

std::vector<Rule> Invariants();  // I-1 to I-22

}  // namespace poolshift
