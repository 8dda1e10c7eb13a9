#include "controller/world/clock.h"

#include <chrono>
#include <ctime>
#include <thread>

#include "absl/time/clock.h"

namespace poolshift {

absl::Time RealClock::Now() const { return absl::Now(); }

absl::Duration RealClock::Elapsed() const {
  // The machine's sleep counts too: what was seen before it is as old.
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return absl::DurationFromTimespec(now);
}

void RealClock::Sleep(absl::Duration duration) {
  std::this_thread::sleep_for(absl::ToChronoNanoseconds(duration));
}

}  // namespace poolshift
