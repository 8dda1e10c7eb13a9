#include "controller/report/history_report.h"

#include <algorithm>
#include <utility>

#include "controller/report/change.h"
#include "controller/report/json_text.h"
#include "controller/report/page.h"
#include "controller/report/safe_text.h"

namespace poolshift {

std::string HistoryText(const History& history, const Style& style) {
  Page page(style);
  if (history.runs.empty()) {
    page.Add("", "No runs of " + history.organization + " are on record here.");
    return page.text();
  }
  page.Add("   run  started               ", "how it ended", Ink::kDim, Ink::kDim);
  auto taken = history.breaks.begin();
  const auto tell_until = [&](absl::Time until) {
    for (; taken != history.breaks.end() && taken->at > until; ++taken)
      page.Add("        lease taken  ", BreakText(*taken), Ink::kYellow);
  };
  for (const RunEntry& run : history.runs) {
    tell_until(run.started);
    std::string number = std::to_string(run.run);
    number.insert(0, 6 - std::min<std::size_t>(6, number.size()), ' ');
    const std::string lead = number + "  " + TimeText(run.started) + "  ";
    const bool ended = run.ended != absl::InfiniteFuture();
    std::string text = ended ? run.outcome + " after " + DurationText(run.ended - run.started)
                             : "not ended: under way, or killed";
    text += ", by " + run.who + ", plan " + run.plan_digest.substr(0, 12);
    if (run.follows != 0) text += ", " + run.follows_as + " run " + std::to_string(run.follows);
    if (!run.override_reason.empty()) text += ", outside the windows: " + run.override_reason;
    page.Add(lead, text);
  }
  tell_until(absl::InfinitePast());
  return page.text();
}

std::string HistoryJson(const History& history) {
  Json json = Json::object();
  json["format_version"] = kFormatVersion;
  json["organization"] = history.organization;
  Json list = Json::array();
  for (const RunEntry& run : history.runs) {
    Json entry = Json::object();
    entry["run"] = run.run;
    entry["started"] = ToJson(run.started);
    entry["ended"] = run.ended == absl::InfiniteFuture() ? Json(nullptr) : ToJson(run.ended);
    entry["outcome"] = run.outcome;
    entry["who"] = run.who;
    entry["plan_digest"] = run.plan_digest;
    entry["commit"] = run.commit;
    entry["override_reason"] = run.override_reason;
    entry["follows"] = run.follows == 0 ? Json(nullptr) : Json(run.follows);
    entry["follows_as"] = run.follows_as;
    list.push_back(std::move(entry));
  }
  json["runs"] = std::move(list);
  json["lease_breaks"] = BreaksJson(history.breaks);
  return JsonText(json);
}

std::string JournalCheckText(const JournalCheck& check, const Style& style) {
  Page page(style);
  if (!check.faults.empty()) {
    page.Add(
        "Broken: ", "the record of " + check.organization + " is not what was written.", Ink::kRed);
    for (const std::string& fault : check.faults)
      page.Add("  - ", fault);
    page.Add(
        "  ",
        "Nothing is written to it any more. Find out who changed it and how; keep a copy of the "
        "state directory. Then `poolshift history acknowledge --reason TEXT` begins a new "
        "record that names this one.");
  } else if (check.head.empty()) {
    page.Add("", "No runs of " + check.organization + " are on record here.");
  } else {
    page.Add("Whole: ",
             "records " + std::to_string(check.first) + " to " +
                 std::to_string(check.first + check.records - 1) + " of " + check.organization +
                 " are as they were written.",
             Ink::kGreen);
  }
  if (check.head_pruned) {
    page.Add(
        "  ",
        "A head that was given is older than what was pruned, so nothing can be said about it; "
        "keep a newer one.",
        Ink::kYellow);
  }
  for (const JournalCheck::GivenUp& each : check.given_up) {
    page.Add("  given up  ",
             TimeText(each.at) + " by " + each.who + ": " + each.reason + " (" + each.fault + ")");
  }
  if (!check.head.empty()) page.AddUnbroken("  head      ", check.head);
  return page.text();
}

std::string JournalCheckJson(const JournalCheck& check) {
  Json json = Json::object();
  json["format_version"] = kFormatVersion;
  json["organization"] = check.organization;
  json["whole"] = check.faults.empty();
  json["first"] = check.first;
  json["records"] = check.records;
  json["head"] = check.head;
  json["faults"] = check.faults;
  json["head_pruned"] = check.head_pruned;
  json["given_up"] = Json::array();
  for (const JournalCheck::GivenUp& each : check.given_up) {
    json["given_up"].push_back({{"at", ToJson(each.at)},
                                {"who", each.who},
                                {"reason", each.reason},
                                {"fault", each.fault}});
  }
  return JsonText(json);
}

}  // namespace poolshift
