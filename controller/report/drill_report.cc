#include "controller/report/drill_report.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "controller/report/change.h"
#include "controller/report/json_text.h"
#include "controller/report/page.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

constexpr std::size_t kNameWidth = 26;
constexpr std::size_t kPlanWidth = 6;
constexpr std::size_t kActionsWidth = 14;
constexpr std::size_t kTimeWidth = 9;

std::string Cell(std::string text, std::size_t width) {
  const auto columns = static_cast<std::size_t>(Columns(text));
  return text + std::string(columns < width ? width - columns : 1, ' ');
}

std::string Called(const Supposition& dead) {
  return std::string(Name(dead.kind)) + ' ' + SafeText(dead.name);
}

std::string ActionsCell(const DrillRow& row) {
  if (!row.has_plan()) return "-";
  std::string text = std::to_string(row.actions);
  const int human = row.human_actions;
  if (human > 0) text += ", " + std::to_string(human) + " by hand";
  return text;
}

// The topics of what is not ready, each once: "certificate, TTL".
std::string Topics(const DrillRow& row) {
  std::vector<std::string> topics;
  if (!row.has_plan()) topics.emplace_back("no plan");
  for (const Shortfall& shortfall : row.shortfalls) {
    if (!shortfall.to_know &&
        std::find(topics.begin(), topics.end(), shortfall.topic) == topics.end())
      topics.push_back(shortfall.topic);
  }
  std::string text;
  for (const std::string& topic : topics)
    text += (text.empty() ? "" : ", ") + topic;
  return text.empty() ? "ready" : text;
}

void AddTable(const DrillReport& report, Page& page) {
  page.Add("  " + Cell("if this dies", kNameWidth) + Cell("plan", kPlanWidth) +
               Cell("actions", kActionsWidth) + Cell("ours", kTimeWidth) +
               Cell("+ caches", kTimeWidth) + "not ready",
           "",
           Ink::kDim);
  for (const DrillRow& row : report.rows) {
    const bool plan = row.has_plan();
    const std::string lead = "  " + Cell(Called(row.dead), kNameWidth) +
                             Cell(plan ? "yes" : "no", kPlanWidth) +
                             Cell(ActionsCell(row), kActionsWidth) +
                             Cell(plan ? DurationText(row.ours) : "-", kTimeWidth) +
                             Cell(plan ? DurationText(row.caches) : "-", kTimeWidth);
    page.Add(lead, Topics(row), row.is_ready() ? Ink::kPlain : Ink::kYellow);
  }
}

void AddSuccessors(const DrillReport& report, Page& page) {
  bool first = true;
  for (const DrillRow& row : report.rows) {
    if (!row.has_plan() || (row.successors.federation.empty() && row.successors.xmpp.empty()))
      continue;
    if (first) {
      page.Gap();
      page.Add("Who takes over", "", Ink::kBold);
    }
    first = false;
    const Commit& to = row.successors;
    std::string text = "commit `hosts: {";
    if (!to.federation.empty()) text += "federation: " + to.federation;
    if (!to.xmpp.empty()) text += (to.federation.empty() ? "xmpp: " : ", xmpp: ") + to.xmpp;
    page.Add("  " + Cell(Called(row.dead), kNameWidth), text + "}`");
  }
}

// What is said of one shortfall or refusal, and the rows that it concerns.
using Remarks = std::vector<std::pair<std::string, std::vector<std::string>>>;

void Keep(std::string text, const std::string& row, Remarks& remarks) {
  const auto found = std::find_if(
      remarks.begin(), remarks.end(), [&](const auto& each) { return each.first == text; });
  if (found != remarks.end()) return found->second.push_back(row);
  remarks.push_back({std::move(text), {row}});
}

std::string Sentence(const std::string& text,
                     const std::string& hint,
                     const std::string& rule,
                     const Origin& origin) {
  std::string sentence = text;
  if (!hint.empty()) sentence += "; " + hint;
  const std::string place = ToString(origin);
  std::string source = rule;
  if (!place.empty()) source += (source.empty() ? "" : ", ") + place;
  return source.empty() ? sentence : sentence + " (" + source + ')';
}

void AddRemarks(const std::string& title, const Remarks& remarks, Ink ink, Page& page) {
  if (remarks.empty()) return;
  page.Gap();
  page.Add(title, "", Ink::kBold);
  for (const auto& [text, rows] : remarks) {
    page.Add("  * ", text, ink);
    std::string concerns;
    for (const std::string& row : rows)
      concerns += (concerns.empty() ? "" : ", ") + row;
    page.Add("      if it dies: ", concerns, Ink::kDim, Ink::kDim);
  }
}

void AddShortfalls(const DrillReport& report, Page& page) {
  Remarks refusals;
  Remarks to_mend;
  Remarks to_know;
  for (const DrillRow& row : report.rows) {
    const std::string name = Called(row.dead);
    for (const Refusal& refusal : row.plan.refusals)
      Keep(Sentence(refusal.text, refusal.hint, refusal.rule, refusal.origin), name, refusals);
    for (const Shortfall& each : row.shortfalls) {
      Keep(Sentence(each.text, each.hint, each.rule, each.origin),
           name,
           each.to_know ? to_know : to_mend);
    }
  }
  AddRemarks("No plan", refusals, Ink::kRed, page);
  AddRemarks("Not ready", to_mend, Ink::kYellow, page);
  AddRemarks("To know", to_know, Ink::kPlain, page);
}

Json NamesJson(const std::set<std::string>& names) {
  Json list = Json::array();
  for (const std::string& name : names)
    list.push_back(name);
  return list;
}

Json RefusalsJson(const Plan& plan) {
  Json list = Json::array();
  for (const Refusal& refusal : plan.refusals) {
    Json json = Json::object();
    json["rule"] = refusal.rule;
    json["text"] = refusal.text;
    json["hint"] = refusal.hint;
    json["at"] = ToJson(refusal.origin);
    list.push_back(std::move(json));
  }
  return list;
}

Json ShortfallsJson(const DrillRow& row, bool to_know) {
  Json list = Json::array();
  for (const Shortfall& each : row.shortfalls) {
    if (each.to_know != to_know) continue;
    Json json = Json::object();
    json["topic"] = each.topic;
    json["text"] = each.text;
    json["hint"] = each.hint;
    json["rule"] = each.rule;
    json["at"] = ToJson(each.origin);
    list.push_back(std::move(json));
  }
  return list;
}

Json RowJson(const DrillRow& row) {
  Json json = Json::object();
  json["kind"] = Name(row.dead.kind);
  json["name"] = row.dead.name;
  json["edge_pools"] = NamesJson(row.dead.edge_pools);
  json["front_end_pools"] = NamesJson(row.dead.front_end_pools);
  json["federation_to"] = row.successors.federation;
  json["xmpp_to"] = row.successors.xmpp;
  json["ready"] = row.is_ready();
  json["has_plan"] = row.has_plan();
  json["actions"] = row.actions;
  json["human_actions"] = row.human_actions;
  json["gates"] = row.gates;
  json["ours_s"] = ToJson(row.ours);
  json["caches_s"] = ToJson(row.caches);
  json["refusals"] = RefusalsJson(row.plan);
  json["not_ready"] = ShortfallsJson(row, false);
  json["to_know"] = ShortfallsJson(row, true);
  return json;
}

}  // namespace

std::string_view Name(Supposition::Kind kind) {
  switch (kind) {
    case Supposition::Kind::kPool:
      return "pool";
    case Supposition::Kind::kSite:
      return "site";
    case Supposition::Kind::kPair:
      return "pair";
  }
  return "";
}

bool DrillRow::is_ready() const {
  return has_plan() && std::all_of(shortfalls.begin(), shortfalls.end(), [](const Shortfall& each) {
           return each.to_know;
         });
}

bool DrillReport::is_ready() const {
  return std::all_of(rows.begin(), rows.end(), [](const DrillRow& row) { return row.is_ready(); });
}

std::string DrillText(const DrillReport& report, const Style& style) {
  Page page(style);
  const auto ready = static_cast<std::size_t>(std::count_if(
      report.rows.begin(), report.rows.end(), [](const DrillRow& row) { return row.is_ready(); }));
  page.Add("Drill: ",
           report.organization + ", ready for " + std::to_string(ready) + " of " +
               Count(report.rows.size(), "death"),
           Ink::kBold,
           Ink::kBold);
  if (report.pending != 0) {
    page.Add("  * ",
             report.organization +
                 " is not as declared now; what `poolshift plan` would do is counted in each line",
             Ink::kYellow);
  }
  page.Gap();
  AddTable(report, page);
  AddSuccessors(report, page);
  AddShortfalls(report, page);
  return page.text();
}

std::string DrillJson(const DrillReport& report) {
  Json json = Json::object();
  json["format_version"] = kFormatVersion;
  json["organization"] = report.organization;
  json["looked_at"] = ToJson(report.looked_at);
  json["ready"] = report.is_ready();
  json["pending_actions"] = report.pending;
  Json rows = Json::array();
  for (const DrillRow& row : report.rows)
    rows.push_back(RowJson(row));
  json["rows"] = std::move(rows);
  return JsonText(json);
}

}  // namespace poolshift
