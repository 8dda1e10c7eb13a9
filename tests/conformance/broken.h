// Broken: for each check of the kit a provider that breaks just that promise.
#pragma once

#include <vector>

#include "tests/conformance/twisted.h"

namespace poolshift::conformance {

struct Broken {
  const char* check;
  Twister twister;
};

// Descriptions, configurations, observations, previews, lists.
std::vector<Broken> BrokenLooks();
// Keys, preconditions, tokens.
std::vector<Broken> BrokenKeys();
// Changes, interruptions, strange input, secrets, refusals.
std::vector<Broken> BrokenChanges();

}  // namespace poolshift::conformance
