#include "controller/engine/event_stream.h"

#include "controller/report/run_events.h"

namespace poolshift {
void EventStream::Remark(std::string_view text) {
  sink_(EventLine(RemarkEvent(text, clock_.Now())));
  people_.Remark(text);
}

void EventStream::RunStarted(std::int64_t run, absl::Duration remaining) {
  Json event = RunEvent("run_started", clock_.Now());
  event["run"] = run;
  event["remaining_s"] = ToJson(remaining);
  sink_(EventLine(event));
  people_.RunStarted(run, remaining);
}

void EventStream::ActionStarted(const Action& action, absl::Duration remaining) {
  Json event = RunEvent("action_started", clock_.Now());
  event["action"] = action.id;
  event["title"] = action.title;
  event["expected_s"] = ToJson(Expected(action));
  event["remaining_s"] = ToJson(remaining);
  sink_(EventLine(event));
  people_.ActionStarted(action, remaining);
}

void EventStream::ActionProgress(const Action& action, std::string_view line) {
  Json event = RunEvent("action_progress", clock_.Now());
  event["action"] = action.id;
  event["line"] = line;
  sink_(EventLine(event));
  people_.ActionProgress(action, line);
}

void EventStream::GateWaiting(const Action& action,
                              std::string_view lagging,
                              absl::Duration remaining) {
  Json event = RunEvent("gate_waiting", clock_.Now());
  event["action"] = action.id;
  event["lagging"] = lagging;
  event["remaining_s"] = ToJson(remaining);
  sink_(EventLine(event));
  people_.GateWaiting(action, lagging, remaining);
}

void EventStream::ActionEnded(const Action& action,
                              ActionEnd end,
                              std::string_view why,
                              absl::Duration remaining) {
  Json event = RunEvent("action_ended", clock_.Now());
  event["action"] = action.id;
  event["end"] = Name(end);
  event["why"] = why;
  event["remaining_s"] = ToJson(remaining);
  sink_(EventLine(event));
  people_.ActionEnded(action, end, why, remaining);
}

void EventStream::Pulse(const Outlook& outlook) {
  std::vector<PulseItem> running;
  for (const Outlook::Running& each : outlook.running) {
    running.push_back(
        {plan_.actions[static_cast<std::size_t>(each.action)].id, each.since, each.expected});
  }
  sink_(EventLine(
      PulseEvent(plan_, clock_.Now(), outlook.remaining, running, outlook.left, outlook.next)));
  people_.Pulse(outlook);
}

}  // namespace poolshift
