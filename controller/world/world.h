// World: the outside as the controller reaches it. The real one is made in main.cc, a test's in the
// test; nobody else makes one.
#pragma once

#include "controller/world/clock.h"
#include "controller/world/files.h"
#include "controller/world/processes.h"

namespace poolshift {

// Borrowed; outlived by what it points to.
struct World {
  Clock* clock = nullptr;
  Files* files = nullptr;
  Processes* processes = nullptr;
};

}  // namespace poolshift
