// Which record the store is writing on this thread.
#pragma once

#include <string>

namespace poolshift::boundaries {

// "" when its transaction is not being committed.
std::string RecordBeingWritten();

}  // namespace poolshift::boundaries
