// Clock: time and waiting, so that tests can own both. Thread-safe.
#pragma once

#include "absl/time/time.h"

namespace poolshift {

class Clock {
 public:
  virtual ~Clock() = default;

  // Wall time, for evidence and for people. It may jump.
  virtual absl::Time Now() const = 0;

  // Time since some fixed moment, which never jumps: for deadlines and waits.
  virtual absl::Duration Elapsed() const = 0;

  virtual void Sleep(absl::Duration duration) = 0;
};

class RealClock final : public Clock {
 public:
  absl::Time Now() const override;
  absl::Duration Elapsed() const override;
  void Sleep(absl::Duration duration) override;
};

}  // namespace poolshift
