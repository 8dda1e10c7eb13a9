// The files that `poolshift init DIR` writes: a small organisation to change into one's own.
#pragma once

#include <map>
#include <string>

namespace poolshift {

// File name -> text. They load without findings; their provider `sim` expects a `world.sim` beside
// them.
std::map<std::string, std::string> StarterManifests();

}  // namespace poolshift
