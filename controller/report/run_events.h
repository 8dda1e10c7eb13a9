// The events of a run for programs: one JSON object a line (`apply --json`, docs/run-events.md).
// Each has `event` and `at`; the rest depends on the event.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "controller/model/plan.h"
#include "controller/report/drift_report.h"
#include "controller/report/json_text.h"

namespace poolshift {

// {"event": NAME, "at": TIME}, to be added to.
Json RunEvent(std::string_view name, absl::Time at);
// Something that a person is told as a sentence.
Json RemarkEvent(std::string_view text, absl::Time at);
// One line, with its end.
std::string EventLine(const Json& event);

// The first of a run: the whole plan, as `plan --json` prints it.
Json PlannedEvent(const Plan& plan, absl::Time at);

struct PulseItem {
  ActionId action;
  absl::Duration since, expected;
};
// How the run stands. `left` as in timetable.h, `next` places in the plan.
Json PulseEvent(const Plan& plan,
                absl::Time at,
                absl::Duration remaining,
                const std::vector<PulseItem>& running,
                const std::vector<absl::Duration>& left,
                const std::vector<int>& next);

// The look after the last action: the report as `drift --json` prints it.
Json ProvedEvent(const DriftReport& report, absl::Time at);

}  // namespace poolshift
