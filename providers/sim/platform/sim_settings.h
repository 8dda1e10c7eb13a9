// SimSettings: what a manifest says of a simulated organisation. docs/sim.md.
#pragma once

#include <string>
#include <vector>

#include "providers/sdk/service.h"

namespace poolshift::sim {

struct SimSettings {
  std::string world;   // the world file
  std::string state;   // folder in which the world lives on
  std::string writes;  // file that accepted changes are appended to; "" = none
  std::string clock;   // file that says what time it is in the world; "" = the machine's clock
  bool fenced = true;
};

// Paths come out absolute. Returns what is wrong.
std::vector<std::string> ReadSettings(const sdk::Configuration& configuration,
                                      SimSettings& settings);

}  // namespace poolshift::sim
