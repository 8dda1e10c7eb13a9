#include "controller/report/drift_json.h"

#include <utility>

namespace poolshift {
namespace {

Json SightsJson(const DriftEntry& entry) {
  Json list = Json::array();
  for (const DriftSight& sight : entry.sights) {
    Json json = Json::object();
    json["vantage"] = sight.vantage;
    json["provider"] = sight.provider;
    json["presence"] = sight.presence == Presence::kPresent  ? "present"
                       : sight.presence == Presence::kAbsent ? "absent"
                                                             : "unreachable";
    json["at"] = ToJson(sight.at);
    json["reason"] = sight.reason;
    list.push_back(std::move(json));
  }
  return list;
}

Json SuggestionJson(const DriftSuggestion& suggestion) {
  Json json = Json::object();
  Json steps = Json::array();
  for (const DriftSuggestion::Step& each : suggestion.actions) {
    Json step = Json::object();
    step["id"] = each.id;
    step["verb"] = Name(each.verb);
    step["title"] = each.title;
    step["provider"] = each.provider;
    step["human"] = each.human;
    step["needs_approval"] = each.needs_approval;
    steps.push_back(std::move(step));
  }
  json["actions"] = std::move(steps);
  json["first"] = suggestion.first;
  json["none"] = suggestion.none;
  json["designation"] = suggestion.designation;
  return json;
}

}  // namespace

Json ToJson(const std::optional<DriftAcknowledgement>& acknowledged) {
  if (!acknowledged.has_value()) return nullptr;
  Json json = Json::object();
  json["who"] = acknowledged->who;
  json["reason"] = acknowledged->reason;
  json["at"] = ToJson(acknowledged->at);
  json["until"] = ToJson(acknowledged->until);
  return json;
}

Json ToJson(const DriftReport& report, const DriftEntry& entry) {
  Json json = Json::object();
  json["kind"] = entry.resource.kind;
  json["name"] = entry.resource.name;
  json["vantage"] = entry.vantage;
  json["property"] = entry.property;
  json["declared"] = ToJson(entry.declared);
  json["observed"] = ToJson(entry.observed);
  json["looked"] = entry.looked;
  json["impact"] = entry.impact;
  json["text"] = entry.text;
  json["rule"] = entry.rule;
  json["at"] = ToJson(entry.origin);
  json["commit"] = report.commit;
  json["fingerprint"] = entry.fingerprint;
  json["first_seen"] = ToJson(entry.first_seen);
  json["last_in_sync"] = ToJson(entry.last_in_sync);
  json["seen"] = SightsJson(entry);
  json["mend"] = SuggestionJson(entry.suggestion);
  json["acknowledged"] = ToJson(entry.acknowledged);
  return json;
}

}  // namespace poolshift
