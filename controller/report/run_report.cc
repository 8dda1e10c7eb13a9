#include "controller/report/run_report.h"

#include <algorithm>
#include <vector>

#include "controller/report/action_text.h"
#include "controller/report/change.h"
#include "controller/report/page.h"
#include "controller/report/plan_text.h"
#include "controller/report/safe_text.h"
#include "controller/report/timetable.h"

namespace poolshift {
namespace {

using State = StepOutcome::State;

StepOutcome OutcomeOf(const RunReport& report, const ActionId& id) {
  const auto found = report.outcomes.find(id);
  return found == report.outcomes.end() ? StepOutcome{} : found->second;
}

std::vector<const Action*> InState(const Plan& plan, const RunReport& report, State state) {
  std::vector<const Action*> actions;
  for (const Action& action : plan.actions) {
    if (OutcomeOf(report, action.id).state == state) actions.push_back(&action);
  }
  return actions;
}

struct Section {
  State state;
  std::string_view title;
  Ink ink;
};

void AddSection(const Plan& plan, const RunReport& report, const Section& section, Page& page) {
  const std::vector<const Action*> actions = InState(plan, report, section.state);
  if (actions.empty()) return;
  const auto numbers = Numbers(plan);
  page.Gap();
  page.Add(section.title, "", section.ink);
  for (const Action* action : actions) {
    AddTitle(*action, numbers, page);
    const std::string reason = OutcomeOf(report, action->id).reason;
    if (!reason.empty()) page.Add("         ", reason, Ink::kPlain, section.ink);
  }
}

std::string DoneText(const Plan& plan, const std::vector<const Action*>& done) {
  const auto gates = static_cast<std::size_t>(std::count_if(
      done.begin(), done.end(), [](const Action* action) { return IsFree(*action); }));
  const std::size_t mutations = done.size() - gates;
  if (done.size() == plan.actions.size()) {
    return Count(mutations, "action") + ", " + Count(gates, "gate") + '.';
  }
  return std::to_string(mutations) + " of " +
         Count(static_cast<std::size_t>(plan.mutations()), "action") + ", " +
         std::to_string(gates) + " of " + Count(static_cast<std::size_t>(plan.gates()), "gate") +
         '.';
}

void AddContinuation(const RunReport& report, Page& page) {
  if (report.continuation.has_value()) {
    page.Gap();
    page.Add("To continue", "", Ink::kBold);
    page.AddText(PlanText(*report.continuation, page.style()));
  }
  if (!report.resume.empty()) {
    page.Gap();
    page.AddUnbroken("Continue with: ", report.resume, Ink::kBold);
  }
}

}  // namespace

std::string ProgressText(const Plan& plan,
                         const ActionId& id,
                         std::string_view remark,
                         const Style& style) {
  const auto found = std::find_if(plan.actions.begin(),
                                  plan.actions.end(),
                                  [&id](const Action& action) { return action.id == id; });
  if (found == plan.actions.end()) return "";
  const std::string total = std::to_string(plan.actions.size());
  std::string number = std::to_string(found - plan.actions.begin() + 1);
  number.insert(0, total.size() - std::min(total.size(), number.size()), ' ');
  std::string text = number + '/' + total + ' ';
  text += Paint(std::string(1, Symbol(*found)), InkOf(*found), style);
  text += ' ' + SafeText(found->title);
  if (!remark.empty()) text += ": " + SafeText(remark);
  return text;
}

std::string SinceText(absl::Duration since, absl::Duration expected) {
  return DurationText(since) + " of about " + DurationText(expected);
}

std::string OutlookText(const Plan& plan,
                        absl::Duration remaining,
                        const std::vector<absl::Duration>& left,
                        const std::vector<int>& next) {
  std::string text = "about " + DurationText(remaining) + " to go";
  for (const Recovery& recovery : TimetableOf(plan, left).recoveries) {
    if (recovery.ours <= absl::ZeroDuration()) continue;
    text += "; " + std::string(recovery.protocol == "sip" ? "SIP" : "XMPP") +
            " works again in about " + DurationText(recovery.ours);
  }
  for (std::size_t i = 0; i < next.size(); ++i) {
    const auto place = static_cast<std::size_t>(next[i]);
    text += (i == 0 ? "; next: " : ", ") + std::to_string(place + 1) + ' ' +
            Symbol(plan.actions[place]) + ' ' + SafeText(plan.actions[place].title);
  }
  return text;
}

std::string RunText(const Plan& plan, const RunReport& report, const Style& style) {
  Page page(style);
  const std::vector<const Action*> done = InState(plan, report, State::kDone);
  const bool complete = done.size() == plan.actions.size();
  if (report.interrupted) {
    page.Add("Interrupted: ", "stopped by a person; nothing more was started.", Ink::kYellow);
  }
  page.Add("Done: ", DoneText(plan, done), Ink::kBold);
  if (complete) return page.text();
  AddSection(plan, report, {State::kDone, "Done", Ink::kGreen}, page);
  AddSection(plan, report, {State::kFailed, "Failed", Ink::kRed}, page);
  AddSection(plan, report, {State::kStarted, "Started, result not known", Ink::kYellow}, page);
  AddSection(plan, report, {State::kNotDone, "Not done", Ink::kYellow}, page);
  AddContinuation(report, page);
  return page.text();
}

}  // namespace poolshift
