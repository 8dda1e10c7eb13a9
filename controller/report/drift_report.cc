#include "controller/report/drift_report.h"

#include <algorithm>
#include <utility>

#include "controller/report/change.h"
#include "controller/report/drift_json.h"
#include "controller/report/drift_words.h"
#include "controller/report/page.h"

namespace poolshift {
namespace {

constexpr std::size_t kFactWidth = 10;

Ink InkOf(const std::string& impact) {
  if (impact.starts_with("traffic")) return Ink::kRed;
  return impact == "redundancy is lost" || impact == "unknown" ? Ink::kYellow : Ink::kDim;
}

std::string Cell(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

void AddEntry(const DriftReport& report, const DriftEntry& entry, Ink ink, Page& page) {
  const bool apart = entry.acknowledged.has_value();
  page.Add("  * ", DriftSentence(entry) + (apart ? " [" + entry.impact + ']' : ""), ink);
  for (const auto& [name, text] : FactsOf(report, entry))
    page.Add("      " + Cell(name, kFactWidth), text, Ink::kDim);
}

Json EntriesJson(const DriftReport& report, const std::vector<DriftEntry>& entries) {
  Json list = Json::array();
  for (const DriftEntry& entry : entries)
    list.push_back(ToJson(report, entry));
  return list;
}

}  // namespace

std::size_t DriftReport::acknowledged() const {
  return static_cast<std::size_t>(
      std::count_if(entries.begin(), entries.end(), [](const DriftEntry& entry) {
        return entry.acknowledged.has_value();
      }));
}

bool DriftReport::is_clear() const {
  return acknowledged() == entries.size() && not_looked.empty();
}

std::string DriftText(const DriftReport& report, const Style& style) {
  Page page(style);
  if (report.entries.empty() && report.not_looked.empty()) {
    page.Add("No drift.", "", Ink::kGreen);
    return page.text();
  }
  const Ink ink = CountImpact(report, "traffic") > 0 ? Ink::kRed : Ink::kBold;
  page.Add("Drift: ", DriftCount(report), Ink::kBold, ink);
  for (const DriftGroup& group : GroupsOf(report)) {
    page.Gap();
    page.Add(group.title, "", InkOf(group.impact));
    for (const DriftEntry* entry : group.entries)
      AddEntry(report, *entry, InkOf(group.impact), page);
  }
  return page.text();
}

std::string DriftJson(const DriftReport& report) {
  Json json = Json::object();
  json["format_version"] = kDriftFormatVersion;
  json["organization"] = report.organization;
  json["looked_at"] = ToJson(report.looked_at);
  json["commit"] = report.commit;
  Json summary = Json::object();
  summary["differences"] = report.entries.size();
  summary["traffic"] = CountImpact(report, "traffic");
  summary["redundancy"] = CountImpact(report, "redundancy");
  summary["cosmetic"] = CountImpact(report, "cosmetic");
  summary["unknown"] = CountImpact(report, "unknown");
  summary["acknowledged"] = report.acknowledged();
  json["summary"] = std::move(summary);
  json["drift"] = EntriesJson(report, report.entries);
  json["not_looked"] = EntriesJson(report, report.not_looked);
  return JsonText(json);
}

}  // namespace poolshift
