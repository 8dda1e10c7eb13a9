// Lease: the right to write for one organisation, held by one process at a time. It only bounds
// overlap; safety is the fencing token's, which grows with every lease and travels in every call.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace poolshift {

// A process, told apart from a later one with the same number by when it began.
struct LeaseHolder {
  std::string who;  // for people: user, or "poolshift serve"
  std::string host;
  std::int64_t pid = 0;
  std::int64_t process_start = 0;  // clock ticks after boot; 0 = not known
  bool operator==(const LeaseHolder&) const = default;
};

struct Lease {
  std::int64_t token = 0;
  LeaseHolder holder;
  absl::Time since = absl::UnixEpoch();
  // The holder before did not give it back: it died, or its lease was broken. A write of its may
  // still be on its way, so the fence is raised before anything is looked at; whoever has done so
  // sets this to false. Given back while true, the next holder finds it so again.
  bool displaces = false;
  // Made of the holder and the moment: no other lease has it, though stores that count on their own
  // may come to the same token. Of the lease just acquired only; it is not on record.
  std::string word = {};
};

// How a lease stands, for people.
struct LeaseStanding {
  enum class State { kFree, kHeld, kBroken };
  State state = State::kFree;
  Lease lease;  // the latest; token 0 when there never was one
};

// A lease that was taken from whoever held it, by a person with a reason.
struct LeaseBreak {
  absl::Time at = absl::UnixEpoch();
  LeaseHolder by;
  std::string reason;
  std::int64_t token = 0;  // every later lease has a greater one
  std::string former;      // who held it, "" = nobody
};

// This process.
LeaseHolder ThisProcess(std::string who);

// Whether that process still runs, as far as this host can know: one of another host counts as
// running.
bool StillRuns(const LeaseHolder& holder);

// The lease that follows one with token `last` (0 = there was none). Its token is greater, and at
// least the time in milliseconds: a controller that has lost its store still gets a greater token
// than before.
Lease NextLease(std::int64_t last, const LeaseHolder& holder, absl::Time now);

// "alice on host1 (process 4242), since 2026-11-21 06:09:12 UTC"
std::string ToString(const Lease& lease);

}  // namespace poolshift
