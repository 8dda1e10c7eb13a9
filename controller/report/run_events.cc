#include "controller/report/run_events.h"

#include "controller/report/plan_json.h"
#include "controller/report/timetable.h"

namespace poolshift {

Json RunEvent(std::string_view name, absl::Time at) {
  Json event = Json::object();
  event["event"] = name;
  event["at"] = ToJson(at);
  return event;
}

Json RemarkEvent(std::string_view text, absl::Time at) {
  Json event = RunEvent("remark", at);
  event["text"] = text;
  return event;
}

std::string EventLine(const Json& event) {
  return event.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) + '\n';
}

Json PlannedEvent(const Plan& plan, absl::Time at) {
  Json event = RunEvent("planned", at);
  event["format_version"] = kFormatVersion;
  event["plan"] = Json::parse(PlanJson(plan));
  return event;
}

Json PulseEvent(const Plan& plan,
                absl::Time at,
                absl::Duration remaining,
                const std::vector<PulseItem>& running,
                const std::vector<absl::Duration>& left,
                const std::vector<int>& next) {
  Json event = RunEvent("pulse", at);
  event["remaining_s"] = ToJson(remaining);
  Json items = Json::array();
  for (const PulseItem& item : running) {
    items.push_back({{"action", item.action},
                     {"since_s", ToJson(item.since)},
                     {"expected_s", ToJson(item.expected)}});
  }
  event["running"] = std::move(items);
  Json names = Json::array();
  for (const int place : next)
    names.push_back(plan.actions[static_cast<std::size_t>(place)].id);
  event["next"] = std::move(names);
  Json recoveries = Json::array();
  for (const Recovery& recovery : TimetableOf(plan, left).recoveries) {
    recoveries.push_back({{"protocol", recovery.protocol},
                          {"ours_s", ToJson(recovery.ours)},
                          {"dns_tail_s", ToJson(recovery.tail)}});
  }
  event["recoveries"] = std::move(recoveries);
  return event;
}

Json ProvedEvent(const DriftReport& report, absl::Time at) {
  Json event = RunEvent("proved", at);
  event["drift"] = Json::parse(DriftJson(report));
  return event;
}

}  // namespace poolshift
