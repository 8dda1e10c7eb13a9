#include "controller/cli/event_stream.h"

#include "controller/report/run_events.h"

namespace poolshift {
namespace {

void Print(const Session& session, const Json& event) {
  session.out << EventLine(event) << std::flush;
}

}  // namespace

void EventStream::Remark(std::string_view text) {
  Print(session_, RemarkEvent(text, session_.now()));
  people_.Remark(text);
}

void EventStream::RunStarted(std::int64_t run, absl::Duration remaining) {
  Json event = RunEvent("run_started", session_.now());
  event["run"] = run;
  event["remaining_s"] = ToJson(remaining);
  Print(session_, event);
  people_.RunStarted(run, remaining);
}

void EventStream::ActionStarted(const Action& action, absl::Duration remaining) {
  Json event = RunEvent("action_started", session_.now());
  event["action"] = action.id;
  event["title"] = action.title;
  event["expected_s"] = ToJson(Expected(action));
  event["remaining_s"] = ToJson(remaining);
  Print(session_, event);
  people_.ActionStarted(action, remaining);
}

void EventStream::ActionProgress(const Action& action, std::string_view line) {
  Json event = RunEvent("action_progress", session_.now());
  event["action"] = action.id;
  event["line"] = line;
  Print(session_, event);
  people_.ActionProgress(action, line);
}

void EventStream::GateWaiting(const Action& action,
                              std::string_view lagging,
                              absl::Duration remaining) {
  Json event = RunEvent("gate_waiting", session_.now());
  event["action"] = action.id;
  event["lagging"] = lagging;
  event["remaining_s"] = ToJson(remaining);
  Print(session_, event);
  people_.GateWaiting(action, lagging, remaining);
}

void EventStream::ActionEnded(const Action& action,
                              ActionEnd end,
                              std::string_view why,
                              absl::Duration remaining) {
  Json event = RunEvent("action_ended", session_.now());
  event["action"] = action.id;
  event["end"] = Name(end);
  event["why"] = why;
  event["remaining_s"] = ToJson(remaining);
  Print(session_, event);
  people_.ActionEnded(action, end, why, remaining);
}

void EventStream::Pulse(const Outlook& outlook) {
  std::vector<PulseItem> running;
  for (const Outlook::Running& each : outlook.running) {
    running.push_back(
        {plan_.actions[static_cast<std::size_t>(each.action)].id, each.since, each.expected});
  }
  Print(session_,
        PulseEvent(plan_, session_.now(), outlook.remaining, running, outlook.left, outlook.next));
  people_.Pulse(outlook);
}

}  // namespace poolshift
