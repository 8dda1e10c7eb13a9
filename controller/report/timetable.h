// Timetable: when each action of a plan would begin and end, by the actions' estimates, with locks
// held one after another; the critical path; and when federation works again for partners.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "controller/model/plan.h"
#include "controller/report/change.h"
#include "controller/report/page.h"

namespace poolshift {

struct Slot {
  absl::Duration begin, end;  // from the start of the run
};

// When one protocol works at its host again.
struct Recovery {
  std::string protocol;  // "sip", "xmpp"
  absl::Duration ours;   // every authoritative server leads to the host, which answers
  absl::Duration tail;   // on top, for partners whose resolvers remember the former records
};

struct Timetable {
  std::vector<Slot> slots;  // by place in the plan
  // The critical path: what makes `total` so long, in order; each begins when its former ends,
  // which it needs or which held its lock.
  std::vector<ActionId> critical;
  absl::Duration total;
  std::vector<Recovery> recoveries;
};

Timetable TimetableOf(const Plan& plan);
// In the middle of a run: `left` is by place in the plan, zero for what has ended.
Timetable TimetableOf(const Plan& plan, const std::vector<absl::Duration>& left);

// "Takes", when each protocol works again, the critical path, and what was measured in earlier runs
// ("": nothing); nothing for a plan without actions.
void AddTimes(const Plan& plan,
              const ActionNumbers& numbers,
              std::string_view measured,
              Page& page);

}  // namespace poolshift
