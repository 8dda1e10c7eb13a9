#include "controller/report/drift_watch.h"

#include <map>
#include <utility>

#include "controller/report/change.h"
#include "controller/report/drift_json.h"
#include "controller/report/drift_words.h"
#include "controller/report/page.h"
#include "controller/report/run_events.h"

namespace poolshift {
namespace {

using ByFingerprint = std::map<std::string, const DriftEntry*>;

// What could not be looked at again is still there, as far as is known.
ByFingerprint Everything(const DriftReport& report) {
  ByFingerprint entries;
  for (const auto* list : {&report.entries, &report.not_looked}) {
    for (const DriftEntry& entry : *list)
      entries.emplace(entry.fingerprint, &entry);
  }
  return entries;
}

bool HasChanged(const DriftEntry& before, const DriftEntry& now) {
  if (before.looked != now.looked || before.impact != now.impact) return true;
  if (before.acknowledged.has_value() != now.acknowledged.has_value()) return true;
  return now.looked && before.observed != now.observed;
}

std::string LineOf(const DriftEntry& entry) {
  std::string text = entry.impact + ": " + DriftSentence(entry);
  if (!entry.looked) text += " (nobody could look now)";
  if (entry.acknowledged.has_value()) text += " (acknowledged)";
  return text + " [" + DriftName(entry) + ']';
}

void AddLines(const std::string& time,
              std::string_view sign,
              const std::vector<DriftEntry>& entries,
              Ink ink,
              Page& page) {
  for (const DriftEntry& entry : entries)
    page.Add(time + ' ' + std::string(sign) + ' ', LineOf(entry), ink);
}

Json EventJson(const char* event, absl::Time at) {
  Json json = Json::object();
  json["format_version"] = kDriftFormatVersion;
  json["event"] = event;
  json["at"] = ToJson(at);
  return json;
}

void AddEvents(const char* event,
               const DriftTick& tick,
               const std::vector<DriftEntry>& entries,
               std::string& text) {
  for (const DriftEntry& entry : entries) {
    Json json = EventJson(event, tick.at);
    json["organization"] = tick.report.organization;
    json["drift"] = ToJson(tick.report, entry);
    text += EventLine(json);
  }
}

}  // namespace

DriftTick CompareDrift(const DriftReport* before, const DriftReport& report) {
  DriftTick tick;
  tick.at = report.looked_at;
  tick.report = report;
  const ByFingerprint was = before == nullptr ? ByFingerprint{} : Everything(*before);
  const ByFingerprint is = Everything(report);
  for (const auto* list : {&report.entries, &report.not_looked}) {
    for (const DriftEntry& entry : *list) {
      const auto found = was.find(entry.fingerprint);
      if (found == was.end())
        tick.appeared.push_back(entry);
      else if (HasChanged(*found->second, entry))
        tick.changed.push_back(entry);
    }
  }
  for (const auto& [fingerprint, entry] : was) {
    if (!is.contains(fingerprint)) tick.gone.push_back(*entry);
  }
  tick.in_sync = is.empty() && (before == nullptr || !was.empty());
  return tick;
}

DriftTick FailedLook(absl::Time at, const std::string& why) {
  DriftTick tick;
  tick.at = at;
  tick.failure = why.empty() ? "no reason was given" : why;
  return tick;
}

std::string DriftTickText(const DriftTick& tick, const Style& style) {
  Page page(style);
  const std::string time = TimeText(tick.at);
  if (!tick.failure.empty())
    page.Add(time + " ? ", "could not look: " + tick.failure, Ink::kYellow);
  AddLines(time, "+", tick.appeared, Ink::kRed, page);
  AddLines(time, "~", tick.changed, Ink::kYellow, page);
  AddLines(time, "-", tick.gone, Ink::kGreen, page);
  if (tick.in_sync) page.Add(time + " = ", "No drift.", Ink::kGreen);
  return page.text();
}

std::string DriftTickJson(const DriftTick& tick) {
  std::string text;
  if (!tick.failure.empty()) {
    Json json = EventJson("could_not_look", tick.at);
    json["text"] = tick.failure;
    text += EventLine(json);
  }
  AddEvents("appeared", tick, tick.appeared, text);
  AddEvents("changed", tick, tick.changed, text);
  AddEvents("gone", tick, tick.gone, text);
  if (tick.in_sync) {
    Json json = EventJson("in_sync", tick.at);
    json["organization"] = tick.report.organization;
    text += EventLine(json);
  }
  return text;
}

}  // namespace poolshift
