#include "controller/report/daemon_status.h"

#include <algorithm>

#include "controller/report/change.h"
#include "controller/report/json_text.h"
#include "controller/report/page.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

constexpr std::size_t kShownDigits = 12;

std::string Short(const std::string& hash) { return hash.substr(0, kShownDigits); }

std::string Counted(int count, const std::string& one, const std::string& many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

std::string DriftSentence(const DaemonStatus& status) {
  std::string text = Counted(status.drift, "difference", "differences");
  if (status.drift_traffic > 0)
    text += ", traffic is affected by " + std::to_string(status.drift_traffic);
  return text;
}

std::string PlanSentence(const DaemonStatus& status) {
  std::string text = Counted(status.actions, "action", "actions") + ", for a " + status.cause +
                     ": " + status.verdict;
  if (status.approvals_missing > 0)
    text += ", " + Counted(status.approvals_missing, "yes is", "yeses are") + " missing";
  for (const std::string& who : status.agreed)
    text += (who == status.agreed.front() ? "; agreed: " : ", ") + who;
  return text;
}

void AddDeclaration(const DaemonStatus& status, absl::Time now, Page& page) {
  page.Add("source    ", status.source, Ink::kDim);
  if (!status.commit.empty()) {
    std::string text = Short(status.commit);
    if (!status.title.empty()) text += "  " + status.title;
    if (!status.author.empty()) text += "  (" + status.author + ")";
    page.Add("commit    ", text, Ink::kDim);
  }
  if (!status.refused.empty()) page.Add("REFUSED   ", status.refused, Ink::kRed);
  if (!status.faults.empty()) page.AddUnbroken("FAULTS    ", SafeText(status.faults), Ink::kRed);
  if (!status.unreachable.empty()) page.Add("NO ANSWER ", status.unreachable, Ink::kRed);
  if (!status.error.empty()) page.Add("NO LOOK   ", status.error, Ink::kRed);
  if (status.looked_at != absl::InfinitePast()) {
    page.Add("looked    ",
             TimeText(status.looked_at) + ", " + DurationText(now - status.looked_at) + " ago",
             Ink::kDim);
  }
  if (status.settled_at != absl::InfinitePast()) {
    page.Add("in sync   ",
             "last at " + TimeText(status.settled_at) +
                 (status.settled_commit.empty() ? "" : ", commit " + Short(status.settled_commit)),
             Ink::kDim);
  }
}

void AddPlan(const DaemonStatus& status, Page& page) {
  if (status.actions == 0 && status.reasons.empty()) return;
  page.Add(
      "plan      ",
      (status.plan_digest.empty() ? "" : Short(status.plan_digest) + ", ") + PlanSentence(status),
      Ink::kDim);
  for (const std::string& reason : status.reasons)
    page.Add("          - ", reason);
  if (status.verdict == "waits for approval") {
    page.AddUnbroken("          ", "poolshift approve " + Short(status.plan_digest), Ink::kCyan);
  }
}

void AddHolds(const DaemonStatus& status, Page& page) {
  for (const DaemonStatus::Hold& hold : status.pauses) {
    page.Add("PAUSED    ",
             hold.id + ", " + (hold.scope.empty() ? "everything" : hold.scope) + ", until " +
                 TimeText(hold.until) + " by " + hold.who + ": " + hold.reason,
             Ink::kYellow);
  }
  for (const DaemonStatus::Hold& hold : status.openings) {
    page.Add("GLASS     ",
             "windows and freezes do not hold until " + TimeText(hold.until) + ", by " + hold.who +
                 ": " + hold.reason,
             Ink::kYellow);
  }
}

Json HoldsJson(const std::vector<DaemonStatus::Hold>& holds) {
  Json all = Json::array();
  for (const DaemonStatus::Hold& hold : holds) {
    all.push_back({{"id", hold.id},
                   {"scope", hold.scope},
                   {"who", hold.who},
                   {"reason", hold.reason},
                   {"since", ToJson(hold.since)},
                   {"until", ToJson(hold.until)}});
  }
  return all;
}

}  // namespace

bool DaemonStatus::needs_attention() const {
  return !refused.empty() || !faults.empty() || !unreachable.empty() || !error.empty() ||
         drift > 0 || actions > 0 || verdict == "refused" || !pauses.empty() || !openings.empty();
}

std::string DaemonStatusSentence(const DaemonStatus& status) {
  if (!status.error.empty()) return "The world could not be looked at: " + status.error;
  if (status.looked_at == absl::InfinitePast()) return "Nothing was looked at yet.";
  if (status.running) return "A plan is being carried out.";
  if (status.verdict == "refused") return "What is declared cannot be done safely.";
  if (status.actions > 0) return "Not as declared: " + PlanSentence(status) + '.';
  if (status.drift > 0) return "Not as declared: " + DriftSentence(status) + '.';
  if (!status.refused.empty() || !status.faults.empty())
    return "As declared, but a newer commit is not taken.";
  if (!status.unreachable.empty()) return "As last declared, but the repository does not answer.";
  return "As declared.";
}

std::string DaemonStatusText(const DaemonStatus& status, absl::Time now, const Style& style) {
  Page page(style);
  page.Add("",
           (status.organization.empty() ? "" : status.organization + ": ") +
               DaemonStatusSentence(status),
           Ink::kPlain,
           status.needs_attention() ? Ink::kYellow : Ink::kGreen);
  page.Gap();
  AddDeclaration(status, now, page);
  if (status.drift > 0) page.Add("drift     ", DriftSentence(status), Ink::kDim);
  AddPlan(status, page);
  AddHolds(status, page);
  if (!status.your_name.empty())
    page.Add("you       ", status.your_name + ", " + status.your_role, Ink::kDim);
  return page.Take();
}

std::string DaemonStatusJson(const DaemonStatus& status) {
  Json json = Json::object();
  json["format_version"] = kFormatVersion;
  json["organization"] = status.organization;
  json["sentence"] = DaemonStatusSentence(status);
  json["needs_attention"] = status.needs_attention();
  json["round"] = status.round;
  json["source"] = status.source;
  json["commit"] = status.commit;
  json["title"] = status.title;
  json["author"] = status.author;
  json["refused"] = status.refused;
  json["faults"] = status.faults;
  json["unreachable"] = status.unreachable;
  json["error"] = status.error;
  json["looked_at"] = ToJson(status.looked_at);
  json["next_look"] = ToJson(status.next_look);
  json["in_sync"] = {{"commit", status.settled_commit}, {"at", ToJson(status.settled_at)}};
  json["plan"] = {{"digest", status.plan_digest},
                  {"actions", status.actions},
                  {"cause", status.cause},
                  {"mode", status.mode},
                  {"verdict", status.verdict},
                  {"reasons", status.reasons},
                  {"agreed", status.agreed},
                  {"approvals_missing", status.approvals_missing}};
  json["running"] = status.running;
  json["drift"] = {{"differences", status.drift}, {"traffic", status.drift_traffic}};
  json["pauses"] = HoldsJson(status.pauses);
  json["break_glass"] = HoldsJson(status.openings);
  return JsonText(json);
}

}  // namespace poolshift
