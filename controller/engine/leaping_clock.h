// LeapingClock: the time of a rehearsal. It goes with the real one while something works, and leaps
// over what is only waited for: a TTL, a gate that nobody can open any more. How far it is ahead
// stands in a file that the simulated platform reads (`ahead`, docs/sim.md), so that both have the
// same time. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "controller/model/plan.h"
#include "controller/world/clock.h"
#include "controller/world/files.h"

namespace poolshift {

class LeapingClock final : public Clock {
 public:
  // `real` and `files` are borrowed.
  LeapingClock(const Clock& real, Files& files, std::string file)
      : real_(real), files_(files), file_(std::move(file)) {}

  absl::Time Now() const override;
  // Asked by the run's loop at each turn, many times a second: here it leaps.
  absl::Duration Elapsed() const override;
  void Sleep(absl::Duration duration) override;

  // What runs, as the run's observer is told.
  void Started(const Action& action);
  void Stirred();  // something was seen to change
  void Ended(const Action& action);

 private:
  struct Waiting {
    bool is_gate = false;
    absl::Duration until;  // end of the gate's hold, in this clock's time
  };
  void LeapIfIdle() const;
  absl::Duration Here() const { return real_.Elapsed() + ahead_; }

  const Clock& real_;
  Files& files_;
  const std::string file_;
  mutable std::mutex mutex_;
  mutable absl::Duration ahead_;
  mutable absl::Duration leapt_at_;  // real
  absl::Duration stirred_at_;        // real
  std::map<ActionId, Waiting> running_;
};

}  // namespace poolshift
