// Ctrl-C while a run is under way.
#pragma once

#include "controller/engine/run.h"

namespace poolshift {

// While it lives, SIGINT and SIGTERM are counted instead of ending the program, and each says on
// stderr what it does. At most one at a time.
class SignalWatch {
 public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  const Interruption& interruption() const;
};

}  // namespace poolshift
