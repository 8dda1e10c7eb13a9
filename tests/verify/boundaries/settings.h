// What the environment asks of the preloaded library, and the one place where a boundary is
// crossed.
//
//   POOLSHIFT_BOUNDARY_LOG=FILE      a line for each crossing: "controller/intent: durable"
//   POOLSHIFT_BOUNDARY_AT=POINT#K    at the K-th crossing of that point in a process it is killed
//   (SIGKILL) POOLSHIFT_BOUNDARY_STOP=1        … stopped (SIGSTOP) instead
//   POOLSHIFT_BOUNDARY_FOLDER=DIR    whose files' writes are counted, as points "controller/file:
//   write" POOLSHIFT_BOUNDARY_FAIL=POINT#K  the K-th crossing of that point fails, with
//   POOLSHIFT_BOUNDARY_ERROR=ERRNO   ENOSPC: and all after it (a full disk), EIO: this one only
#pragma once

#include <string>
#include <string_view>

namespace poolshift::boundaries {

// Counts, logs, and ends or stops the process here when that is asked. `name` is without the role
// of the process.
void Cross(std::string_view name);

// The error with which this write of the file must fail, 0 = none. Crosses the point.
int FaultOfWrite(int descriptor);
int FaultOfWrite(const char* path);

// Whether anything is asked of this process.
bool Watching();

// Whether this is `poolshift` itself, not a plugin.
bool IsController();

// What a file descriptor leads to; "" when it is no file.
std::string PathOf(int descriptor);

}  // namespace poolshift::boundaries
