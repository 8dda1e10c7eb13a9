#include "controller/report/json_text.h"

#include <utility>

namespace poolshift {

Json ToJson(const Value& value) {
  if (value.is_null()) return nullptr;
  if (value.is_bool()) return value.boolean();
  if (value.is_integer()) return value.integer();
  if (value.is_string()) return value.string();
  if (value.is_list()) {
    Json list = Json::array();
    for (const Value& item : value.list())
      list.push_back(ToJson(item));
    return list;
  }
  Json map = Json::object();
  for (const auto& [key, member] : value.map())
    map[key] = ToJson(member);
  return map;
}

Json ToJson(const Origin& origin) {
  if (origin == Origin{}) return nullptr;
  Json json = Json::object();
  json["file"] = origin.file;
  json["line"] = origin.line;
  json["column"] = origin.column;
  return json;
}

Json ToJson(const Diagnostics& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& item : diagnostics.items()) {
    Json json = Json::object();
    switch (item.severity) {
      case Diagnostic::Severity::kError:
        json["severity"] = "error";
        break;
      case Diagnostic::Severity::kWarning:
        json["severity"] = "warning";
        break;
      case Diagnostic::Severity::kNote:
        json["severity"] = "note";
        break;
    }
    json["message"] = item.message;
    json["hint"] = item.hint;
    json["at"] = ToJson(item.origin);
    list.push_back(std::move(json));
  }
  return list;
}

Json ToJson(absl::Duration duration) {
  if (duration == absl::InfiniteDuration()) return nullptr;
  absl::Duration rest;
  const std::int64_t seconds = absl::IDivDuration(duration, absl::Seconds(1), &rest);
  if (rest == absl::ZeroDuration()) return seconds;
  return absl::ToDoubleSeconds(duration);
}

Json ToJson(absl::Time time) {
  if (time == absl::InfinitePast()) return nullptr;
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

std::string JsonText(const Json& json) {
  constexpr int kIndent = 2;
  return json.dump(kIndent, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) + '\n';
}

}  // namespace poolshift
