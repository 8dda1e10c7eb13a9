// The files that `poolshift init DIR` writes: a small organisation to change into one's own.
#pragma once

#include <map>
#include <string>

namespace poolshift {

// File name -> text. They load without findings; their provider `sim` plays the world of
// StarterWorld beside them.
std::map<std::string, std::string> StarterManifests();

// File name -> text: a healthy world in which there is nothing to do.
std::map<std::string, std::string> StarterWorld();

}  // namespace poolshift
