#include "controller/world/memory.h"

#include <malloc.h>

// Of mimalloc, with which programs are linked, and tests are not (cmake/Floors.cmake).
extern "C" void mi_collect(bool force) __attribute__((weak));

namespace poolshift {

void GiveMemoryBack() {
  if (mi_collect != nullptr) {
    mi_collect(true);
  } else {
    ::malloc_trim(0);
  }
}

}  // namespace poolshift
