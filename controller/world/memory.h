// Memory of a process that lives long.
#pragma once

namespace poolshift {

// Gives what is not used any more back to the system: after work that took much and is not done
// again for a while. Takes milliseconds. Thread-safe.
void GiveMemoryBack();

}  // namespace poolshift
