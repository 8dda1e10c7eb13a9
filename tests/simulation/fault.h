// Faults: what can go wrong, how often, and what did. Whether the n-th chance of a fault is taken
// depends on the seed and on n alone, so that a fault can be left out without disturbing the
// others.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/timeline.h"

namespace poolshift::simulation {

enum class Fault {
  // Of a call that changes something.
  kErrorBefore,    // an error that may be tried again, nothing changed
  kRefusal,        // an error for good, nothing changed
  kErrorAfter,     // it took effect, and the provider says that it failed
  kLostBefore,     // the connection breaks, nothing changed
  kLostAfter,      // it took effect, and the connection breaks
  kSilentBefore,   // no answer by the deadline, nothing changed
  kSilentAfter,    // no answer by the deadline, it took effect at once
  kSilentLate,     // no answer by the deadline, it takes effect only afterwards
  kDuplicate,      // delivered a second time, after later actions
  kCrashBefore,    // the provider dies and comes back, nothing changed
  kCrashAfter,     // the provider dies after the effect, before it noted the result
  kOutsiderFirst,  // somebody changes the target just before
  // Of a look.
  kStale,       // as it was k versions ago
  kBlind,       // one resource could not be looked at
  kLookFails,   // the provider as a whole could not answer
  kLookSilent,  // no answer by the deadline
  // Of a question what became of a key.
  kLookupFails,
  kLookupSilent,
  // Of a record.
  kDiskFull,   // refused before anything was written
  kSyncFails,  // written, not synced, and refused: it may or may not turn up after a crash
  // Of the whole.
  kKill,              // kill -9 of a controller where it touches the outside
  kPowerLoss,         // of its host: what was not synced is lost, torn, or there all the same
  kPause,             // SIGSTOP … SIGCONT, across whatever happens meanwhile
  kNotificationLost,  // nobody tells the controller; it looks by itself later
  kOutsider,          // a change by hand, at any time
  kClockStep,         // of the wall clock, up to ten years either way
  kGoalChange,        // another declaration, possibly back and forth
  kOldPlan,           // a plan that was made earlier is carried out instead of a new one
  kTakeover,          // somebody takes over, needed or not
  // Of a fence that is raised.
  kFenceFails,   // the provider could not answer; it is as it was
  kFenceSilent,  // no answer by the deadline, and it is raised
  // Of an export before the first write to the central store.
  kExportFails,   // the provider could not
  kExportSilent,  // no answer by the deadline
  kExportUnkept,  // its files could not be written
  // A person at the controller.
  kInterrupt,  // Ctrl-C, while it runs; a second one waits for nothing more
  // Of a provider, for minutes: whatever it is asked.
  kAway,       // what stands behind it cannot be reached
  kThrottled,  // it takes no more calls for now (a limit of rate)
  kLockedOut,  // its credentials have expired
  // Of a call that changes something, again.
  kHalfDone,  // one part of it took effect, and the connection breaks
  kCount,
};
inline constexpr auto kFaults = static_cast<std::size_t>(Fault::kCount);

std::string_view Name(Fault fault);
inline constexpr std::array kOutages = {Fault::kAway, Fault::kThrottled, Fault::kLockedOut};
// What is met when kInterrupt strikes for a second time in one round.
inline constexpr std::string_view kInterruptedAgain = "interrupt-again";
// kCount when no fault is called so.
Fault FaultNamed(std::string_view name);

// What was met: pairs such as (Apply, lost after) with how often.
using Coverage = std::map<std::pair<std::string, std::string>, std::int64_t>;

class Faults {
 public:
  // `chance` is in thousandths, by fault.
  Faults(std::uint64_t seed, std::array<int, kFaults> chance, std::set<int> left_out);

  // Whether this chance of the fault is taken.
  bool Strikes(Fault fault);
  // While off, nothing strikes.
  void Stop() { on_ = false; }
  bool on() const { return on_; }

  // A stream for how bad it is: how late, how far back. Independent of the others' faults.
  Stream& Measure(Fault fault) { return measures_[static_cast<std::size_t>(fault)]; }

  // How many struck so far, left out ones included; each has a number from 1.
  int struck() const { return struck_; }

 private:
  std::array<int, kFaults> chance_;
  std::vector<Stream> streams_, measures_;
  std::set<int> left_out_;
  int struck_ = 0;
  bool on_ = true;
};

}  // namespace poolshift::simulation
