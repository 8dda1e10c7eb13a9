#include "controller/report/drift_history.h"

#include <utility>

#include "controller/report/change.h"
#include "controller/report/drift_json.h"
#include "controller/report/page.h"

namespace poolshift {
namespace {

constexpr std::size_t kNameDigits = 12;

std::string PeriodText(const DriftPast::Period& period) {
  std::string text = TimeText(period.first_seen) + " to ";
  const bool open = period.gone == absl::InfiniteFuture();
  if (open) {
    text += "now, last seen " + TimeText(period.last_seen);
  } else {
    text += TimeText(period.gone) + " (" + DurationText(period.gone - period.first_seen) + ')';
  }
  return text + ", last in sync " + TimeText(period.last_in_sync);
}

Json PastJson(const DriftPast& past) {
  Json json = Json::object();
  json["fingerprint"] = past.fingerprint;
  json["resource"] = past.resource;
  json["property"] = past.property;
  json["impact"] = past.impact;
  json["text"] = past.text;
  json["declared"] = past.declared;
  json["observed"] = past.observed;
  json["first_seen"] = ToJson(past.periods.front().first_seen);
  json["last_seen"] = ToJson(past.periods.back().last_seen);
  json["open"] = past.periods.back().gone == absl::InfiniteFuture();
  Json periods = Json::array();
  for (const DriftPast::Period& each : past.periods) {
    Json period = Json::object();
    period["first_seen"] = ToJson(each.first_seen);
    period["last_seen"] = ToJson(each.last_seen);
    period["gone"] = each.gone == absl::InfiniteFuture() ? Json(nullptr) : ToJson(each.gone);
    period["last_in_sync"] = ToJson(each.last_in_sync);
    periods.push_back(std::move(period));
  }
  json["periods"] = std::move(periods);
  json["acknowledged"] = ToJson(past.acknowledged);
  return json;
}

}  // namespace

std::string DriftHistoryText(const DriftChronicle& chronicle, const Style& style) {
  Page page(style);
  if (chronicle.differences.empty()) {
    page.Add("No drift is on record.", "");
    return page.text();
  }
  page.Add("Drift on record: ",
           Count(chronicle.differences.size(), "difference"),
           Ink::kBold,
           Ink::kBold);
  for (const DriftPast& past : chronicle.differences) {
    const bool open = past.periods.back().gone == absl::InfiniteFuture();
    page.Gap();
    page.Add(open ? "* " : "  ",
             past.text.empty() ? past.resource + ' ' + past.property : past.text,
             open ? Ink::kYellow : Ink::kDim);
    page.Add("    ", past.impact + ", " + past.fingerprint.substr(0, kNameDigits), Ink::kDim);
    for (const DriftPast::Period& period : past.periods)
      page.Add("    ", PeriodText(period), Ink::kDim);
    if (past.acknowledged.has_value())
      page.Add("    ",
               "acknowledged until " + TimeText(past.acknowledged->until) + " by " +
                   past.acknowledged->who + ": " + past.acknowledged->reason,
               Ink::kDim);
  }
  return page.text();
}

std::string DriftHistoryJson(const DriftChronicle& chronicle) {
  Json json = Json::object();
  json["format_version"] = kDriftFormatVersion;
  json["organization"] = chronicle.organization;
  Json list = Json::array();
  for (const DriftPast& past : chronicle.differences)
    list.push_back(PastJson(past));
  json["differences"] = std::move(list);
  return JsonText(json);
}

}  // namespace poolshift
