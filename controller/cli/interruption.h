// Ctrl-C while a run is under way.
#pragma once

#include "controller/engine/run.h"

namespace poolshift {

// While it lives, SIGINT and SIGTERM are counted instead of ending the program. At most one at a
// time.
class SignalWatch {
 public:
  // kPerson: each says on stderr at once what it does. kLog: nothing does, the log is for programs.
  enum class For { kPerson, kLog };
  explicit SignalWatch(For reader = For::kPerson);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  const Interruption& interruption() const;
};

}  // namespace poolshift
