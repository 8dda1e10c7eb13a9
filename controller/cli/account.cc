#include "controller/cli/account.h"

#include "controller/report/plan_text.h"
#include "controller/report/run_events.h"

namespace poolshift {
namespace {

Json RefusalsOf(const RunOutcome& outcome) {
  Json refusals = Json::array();
  for (const Refusal& refusal : outcome.refusals)
    refusals.push_back({{"rule", refusal.rule}, {"text", refusal.text}, {"hint", refusal.hint}});
  return refusals;
}

Json ActionsOf(const RunOutcome& outcome) {
  Json actions = Json::array();
  for (const ActionOutcome& action : outcome.actions) {
    actions.push_back({{"action", action.id},
                       {"end", Name(action.end)},
                       {"why", action.text},
                       {"started", ToJson(action.started)},
                       {"ended", ToJson(action.ended)}});
  }
  return actions;
}

}  // namespace

void Account::Planned(const Plan& plan) const {
  if (json_) {
    session_.out << EventLine(PlannedEvent(plan, session_.now())) << std::flush;
  } else {
    session_.out << PlanText(plan, session_.out_style) << std::flush;
  }
}

void Account::Ended(const Plan& plan, const RunOutcome& outcome, const RunReport& report) const {
  if (!json_) {
    if (outcome.run != 0) session_.out << RunText(plan, report, session_.out_style);
    return;
  }
  Json event = RunEvent("run_ended", session_.now());
  event["run"] = outcome.run == 0 ? Json(nullptr) : Json(outcome.run);
  event["outcome"] = Name(outcome.code);
  event["text"] = outcome.text;
  event["refusals"] = RefusalsOf(outcome);
  event["actions"] = ActionsOf(outcome);
  event["continue"] = report.resume;
  session_.out << EventLine(event) << std::flush;
}

void Account::Proved(const DriftReport& report) const {
  if (json_) {
    session_.out << EventLine(ProvedEvent(report, session_.now())) << std::flush;
  } else {
    session_.out << DriftText(report, session_.out_style);
  }
}

void Account::Said(std::string_view text) const {
  if (json_) {
    session_.out << EventLine(RemarkEvent(text, session_.now())) << std::flush;
  } else {
    session_.out << text << '\n' << std::flush;
  }
}

ExitCode Account::Finished(ExitCode code) const {
  if (!json_) return code;
  Json event = RunEvent("finished", session_.now());
  event["exit_code"] = static_cast<int>(code);
  event["why"] = session_.failures;
  session_.out << EventLine(event) << std::flush;
  return code;
}

}  // namespace poolshift
