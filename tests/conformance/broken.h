// Broken: for each check of the kit a provider that breaks just that promise.
#pragma once

#include <vector>

#include "tests/conformance/twisted.h"

namespace poolshift::conformance {

struct Broken {
  const char* check;
  Twister twister;
};

std::vector<Broken> BrokenLooks();  // descriptions, configurations, observations, previews, lists
std::vector<Broken>
BrokenChanges();  // changes, keys, preconditions, tokens, interruptions, secrets

}  // namespace poolshift::conformance
