// Outlook: how a run stands at a moment, for people: what runs, since when, what comes next, and
// how long each action may still take.
#pragma once

#include <vector>

#include "absl/time/time.h"

#include "controller/apply/run_state.h"

namespace poolshift {

struct Outlook {
  struct Running {
    int action = 0;  // place in Plan::actions
    absl::Duration since, expected;
  };
  absl::Duration remaining;          // of the run
  std::vector<Running> running;      // in the plan's order
  std::vector<int> next;             // the most urgent first, a few
  std::vector<absl::Duration> left;  // by place: zero when it has ended
};

Outlook OutlookOf(const RunState& state, absl::Time now);

}  // namespace poolshift
