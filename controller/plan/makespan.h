// Makespan: how long an order takes, by the estimates of its actions, and what no order of these
// actions could beat.
#pragma once

#include <vector>

#include "absl/time/time.h"

#include "controller/model/problem.h"

namespace poolshift::plan {

struct Makespan {
  absl::Duration critical_path = absl::ZeroDuration();  // longest chain of the order
  // The greatest of the critical path, the sum of durations under one lock, and the sum of all
  // divided by how many may run at once.
  absl::Duration bound = absl::ZeroDuration();
  absl::Duration makespan = absl::ZeroDuration();
};

// As the run does it: whatever is ready starts at once, in the order of `steps`, one at a time
// under each lock. `parallelism` 0: any number side by side.
Makespan MakespanOf(const PlanningProblem& problem,
                    const std::vector<int>& steps,
                    const std::vector<std::vector<int>>& needs,
                    int parallelism = 0);

}  // namespace poolshift::plan
