// LeapingClock: the time of a rehearsal. Nothing takes any time there; whenever the run has nothing
// to do but wait, the clock leaps: to the end of a TTL, to the next look of a gate. What time it is
// stands in a file that the simulated platform reads (`clock`, docs/sim.md), so that both have the
// same, and the same each time. Thread-safe.
#pragma once

#include <mutex>
#include <string>

#include "absl/time/time.h"

#include "controller/world/clock.h"
#include "controller/world/files.h"

namespace poolshift {

class LeapingClock final : public Clock {
 public:
  // `files` is borrowed. The file is there from Begin() on.
  LeapingClock(absl::Time begin, Files& files, std::string file)
      : begin_(begin), files_(files), file_(std::move(file)) {}

  absl::Status Begin();
  absl::Time Now() const override;
  absl::Duration Elapsed() const override;
  // Leaps: over `duration`, and farther when leaps have led to nothing for a while.
  void Sleep(absl::Duration duration) override;
  // Something has happened.
  void Stirred();

 private:
  absl::Status Write() const;

  const absl::Time begin_;
  Files& files_;
  const std::string file_;
  mutable std::mutex mutex_;
  absl::Duration elapsed_;
  absl::Duration stirred_at_;
};

}  // namespace poolshift
