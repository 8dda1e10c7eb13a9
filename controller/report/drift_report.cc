#include "controller/report/drift_report.h"

#include <algorithm>
#include <utility>

#include "controller/report/change.h"
#include "controller/report/json_text.h"
#include "controller/report/page.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

constexpr std::size_t kImpactWidth = 21;
constexpr std::size_t kSinceWidth = 22;

Ink InkOf(const std::string& impact) {
  if (impact.starts_with("traffic")) return Ink::kRed;
  return impact == "cosmetic" ? Ink::kDim : Ink::kYellow;
}

std::string Cell(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

std::string Subject(const DriftEntry& entry) {
  std::string text = ToString(entry.resource);
  if (!entry.property.empty()) text += ' ' + entry.property;
  if (!entry.vantage.empty()) text += " seen from " + entry.vantage;
  return text;
}

std::string Explanation(const DriftEntry& entry) {
  std::string text = entry.text;
  std::string source = entry.rule;
  const std::string place = ToString(entry.origin);
  if (!place.empty()) source += (source.empty() ? "" : ", ") + place;
  if (!source.empty()) text += " (" + source + ')';
  return text;
}

void AddEntry(const DriftEntry& entry, Page& page) {
  const std::string since =
      entry.first_seen == absl::InfinitePast() ? "now" : TimeText(entry.first_seen);
  const std::string lead =
      "  " + Cell(SafeText(entry.impact), kImpactWidth) + Cell(since, kSinceWidth);
  if (entry.text.empty()) {
    page.Add(lead,
             Subject(entry) + ": declared " + DisplayText(entry.declared) + ", observed " +
                 DisplayText(entry.observed) + Explanation(entry),
             InkOf(entry.impact));
    return;
  }
  // The sentence says it all; resource and values are in the JSON.
  page.Add(lead, Explanation(entry), InkOf(entry.impact));
}

std::size_t CountImpact(const DriftReport& report, std::string_view start) {
  return static_cast<std::size_t>(
      std::count_if(report.entries.begin(), report.entries.end(), [start](const DriftEntry& entry) {
        return entry.impact.starts_with(start);
      }));
}

Json EntryJson(const DriftEntry& entry) {
  Json json = Json::object();
  json["kind"] = entry.resource.kind;
  json["name"] = entry.resource.name;
  json["vantage"] = entry.vantage;
  json["property"] = entry.property;
  json["declared"] = ToJson(entry.declared);
  json["observed"] = ToJson(entry.observed);
  json["impact"] = entry.impact;
  json["text"] = entry.text;
  json["rule"] = entry.rule;
  json["at"] = ToJson(entry.origin);
  json["fingerprint"] = entry.fingerprint;
  json["first_seen"] = ToJson(entry.first_seen);
  return json;
}

}  // namespace

std::string DriftText(const DriftReport& report, const Style& style) {
  Page page(style);
  if (report.entries.empty()) {
    page.Add("No drift.", "", Ink::kGreen);
    return page.text();
  }
  std::string count = Count(report.entries.size(), "difference");
  const std::size_t traffic = CountImpact(report, "traffic");
  if (traffic > 0) count += ", traffic is affected by " + std::to_string(traffic);
  page.Add("Drift: ", count, Ink::kBold, traffic > 0 ? Ink::kRed : Ink::kBold);
  page.Gap();
  page.Add("  " + Cell("how bad", kImpactWidth) + Cell("since", kSinceWidth) + "what differs",
           "",
           Ink::kDim);
  for (const DriftEntry& entry : report.entries) {
    AddEntry(entry, page);
  }
  return page.text();
}

std::string DriftJson(const DriftReport& report) {
  Json json = Json::object();
  json["format_version"] = kFormatVersion;
  json["organization"] = report.organization;
  json["looked_at"] = ToJson(report.looked_at);
  Json summary = Json::object();
  summary["differences"] = report.entries.size();
  summary["traffic"] = CountImpact(report, "traffic");
  summary["redundancy"] = CountImpact(report, "redundancy");
  summary["cosmetic"] = CountImpact(report, "cosmetic");
  summary["unknown"] = CountImpact(report, "unknown");
  json["summary"] = std::move(summary);
  Json list = Json::array();
  for (const DriftEntry& entry : report.entries)
    list.push_back(EntryJson(entry));
  json["drift"] = std::move(list);
  return JsonText(json);
}

}  // namespace poolshift
