#include "controller/notify/event.h"

#include <array>

#include "controller/model/value.h"

namespace poolshift::notify {

namespace {

struct Field {
  std::string_view name;
  std::string Event::*member;
};

constexpr std::array<Field, 9> kFields = {{{"event", &Event::name},
                                           {"organization", &Event::organization},
                                           {"key", &Event::key},
                                           {"severity", &Event::severity},
                                           {"summary", &Event::summary},
                                           {"details", &Event::details},
                                           {"commit", &Event::commit},
                                           {"plan", &Event::plan},
                                           {"run", &Event::run}}};

}  // namespace

std::string FieldOf(const Event& event, std::string_view name) {
  if (name == "at") return absl::FormatTime("%Y-%m-%d %H:%M:%SZ", event.at, absl::UTCTimeZone());
  for (const Field& field : kFields) {
    if (field.name == name) return event.*field.member;
  }
  return "";
}

std::string EventJson(const Event& event) {
  Value::Map json;
  json["format_version"] = "1.0";
  json["event"] = event.name;
  json["organization"] = event.organization;
  json["key"] = event.key;
  json["at"] = absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", event.at, absl::UTCTimeZone());
  json["severity"] = event.severity;
  json["summary"] = event.summary;
  json["details"] = event.details;
  json["commit"] = event.commit;
  json["plan"] = event.plan;
  json["run"] = event.run;
  return CanonicalText(json);
}

}  // namespace poolshift::notify
