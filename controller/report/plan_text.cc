#include "controller/report/plan_text.h"

#include <algorithm>
#include <set>
#include <vector>

#include "controller/federation/no_return.h"
#include "controller/report/action_text.h"
#include "controller/report/change.h"
#include "controller/report/page.h"
#include "controller/report/plan_ending.h"
#include "controller/report/safe_text.h"
#include "controller/report/turns.h"

namespace poolshift {
namespace {

std::string DemandText(const Demand& demand) {
  std::string text = demand.rule.text;
  const std::string source = SourceText(demand.rule.rule, demand.rule.source);
  if (!source.empty()) text += " (" + source + ')';
  const std::string place = ToString(demand.origin);
  return place.empty() ? text : text + ", " + place;
}

bool IsAmong(const std::vector<Demand>& demands, const std::string& rule) {
  return std::any_of(demands.begin(), demands.end(), [&rule](const Demand& demand) {
    return demand.rule.rule == rule;
  });
}

// What cannot all hold, each with its line, and the rule that says so.
void AddGrounds(const Refusal& refusal, Page& page) {
  const bool several = refusal.demands.size() > 1;
  if (!refusal.demands.empty())
    page.Add(several ? "  these cannot hold together" : "  this cannot be met", "");
  for (const Demand& demand : refusal.demands)
    page.Add("    - ", DemandText(demand));
  const std::string rule = SourceText(refusal.rule, refusal.source);
  if (!rule.empty() && !IsAmong(refusal.demands, refusal.rule))
    page.Add("  rule   ", rule, Ink::kDim);
  if (!refusal.demands.empty()) return;
  const std::string place = ToString(refusal.origin);
  if (!place.empty()) page.Add("  at     ", place, Ink::kDim);
}

void AddRefusals(const Plan& plan, Page& page) {
  for (const Refusal& refusal : plan.refusals) {
    page.Gap();
    page.Add("Refused: ", refusal.text, Ink::kRed, Ink::kBold);
    AddGrounds(refusal, page);
    if (!refusal.hint.empty()) page.AddUnbroken("  do     ", refusal.hint, Ink::kBold);
  }
  if (plan.refusals.empty()) return;
  page.Gap();
  page.Add("", "Nothing will be changed while this stands.");
}

// Before anything else: what the numbers below do not speak of.
void AddLeftOut(const Plan& plan, Page& page) {
  std::string_view part;
  for (const LeftOut& each : plan.left_out) {
    if (each.part != part) {
      page.Gap();
      page.Add("Left out: ", each.part + ", left as it is", Ink::kRed, Ink::kBold);
    }
    part = each.part;
    page.Add("  because ", each.because.text);
    const std::string rule = SourceText(each.because.rule, each.because.source);
    if (!rule.empty()) page.Add("  rule    ", rule, Ink::kDim);
    for (const Demand& demand : each.because.demands) {
      if (demand.rule.rule == "goal") page.Add("  wanted  ", DemandText(demand), Ink::kDim);
    }
    if (!each.because.hint.empty()) page.AddUnbroken("  do      ", each.because.hint, Ink::kBold);
  }
}

void AddApprovals(const Plan& plan, const ActionNumbers& numbers, Page& page) {
  for (const Action& action : plan.actions) {
    const std::string no_return = NoReturn(action);
    if (!no_return.empty()) {
      page.Add("  ! ",
               "point of no return: #" + std::to_string(numbers.at(action.id)) + ' ' +
                   action.title + ": " + no_return,
               Ink::kRed,
               Ink::kRed);
    }
    if (!action.needs_approval) continue;
    page.Add("  ! ",
             '#' + std::to_string(numbers.at(action.id)) + ' ' + action.title +
                 ": may lose data or cannot be undone; it runs only with",
             Ink::kRed,
             Ink::kRed);
    page.AddUnbroken("    ", ApprovalFlag(action), Ink::kBold);
  }
}

void AddDeletions(const Plan& plan, const ActionNumbers& numbers, Page& page) {
  for (const Action& action : plan.actions) {
    if (action.verb != Verb::kDelete) continue;
    page.Add("  - ",
             '#' + std::to_string(numbers.at(action.id)) + " deletes " + ToString(action.target),
             Ink::kRed);
  }
}

std::vector<ActionId> Select(const Plan& plan, bool (*matches)(const Action&)) {
  std::vector<ActionId> ids;
  for (const Action& action : plan.actions) {
    if (matches(action)) ids.push_back(action.id);
  }
  return ids;
}

void AddWhatRests(const Plan& plan, const ActionNumbers& numbers, Page& page) {
  const auto stops = Select(plan, [](const Action& action) { return action.verb == Verb::kStop; });
  if (!stops.empty()) {
    page.Add("  . ",
             "stops " + Count(stops.size(), "running service") + ": " + NumbersText(stops, numbers),
             Ink::kRed);
  }
  const auto fences = Select(plan, TurnsAway);
  if (!fences.empty()) {
    page.Add("  . ",
             "turns traffic away in front of " + Count(fences.size(), "port") + ": " +
                 NumbersText(fences, numbers),
             Ink::kRed);
  }
  const auto disabled = Select(plan, Disables);
  if (!disabled.empty()) {
    page.Add("  . ",
             "keeps " + Count(disabled.size(), "service") +
                 " from starting: " + NumbersText(disabled, numbers),
             Ink::kRed);
  }
  const auto people = Select(plan, [](const Action& action) { return action.human; });
  if (!people.empty()) {
    page.Add("  ! ",
             Count(people.size(), "action") +
                 " for a person, the run waits: " + NumbersText(people, numbers),
             Ink::kYellow);
  }
}

void AddWarnings(const Plan& plan, Page& page) {
  std::set<std::string> said;
  for (const Diagnostic& warning : plan.warnings.items()) {
    std::string text = warning.message;
    if (!warning.hint.empty()) text += "; " + warning.hint;
    const std::string place = ToString(warning.origin);
    if (!place.empty()) text += " (" + place + ')';
    if (!said.insert(text).second) continue;  // both protocols may have the same to say
    page.Add("  * ", text, Ink::kYellow);
  }
}

void AddDanger(const Plan& plan, const ActionNumbers& numbers, Page& page) {
  Page dangers(page.style());
  AddApprovals(plan, numbers, dangers);
  AddDeletions(plan, numbers, dangers);
  AddWhatRests(plan, numbers, dangers);
  AddWarnings(plan, dangers);
  if (plan.actions.empty() && dangers.text().empty()) return;
  page.Gap();
  if (!plan.refusals.empty()) {
    page.Add("If it were not refused", "", Ink::kDim);
    page.AddText(dangers.text());
    return;
  }
  if (dangers.text().empty()) {
    page.Add("Danger: ", "none. Nothing is deleted or stopped, no approval is needed.", Ink::kBold);
    return;
  }
  page.Add("Danger", "", Ink::kRed);
  page.AddText(dangers.text());
}

std::string HostText(const Situation& situation) {
  if (situation.name == "steady" || situation.from == situation.to) {
    return situation.to.empty() ? "no host" : "on " + situation.to;
  }
  return (situation.from.empty() ? "(no host)" : situation.from) + " → " +
         (situation.to.empty() ? "(no host)" : situation.to);
}

void AddSituations(const Plan& plan, Page& page) {
  if (plan.situations.empty()) return;
  page.Gap();
  page.Add("Situation", "", Ink::kBold);
  for (const Situation& situation : plan.situations) {
    std::string lead = "  " + SafeText(ProtocolText(situation.protocol));
    lead.resize(std::max<std::size_t>(lead.size() + 1, 9), ' ');
    std::string text = situation.name + ", " + HostText(situation);
    if (!situation.evidence.empty()) text += ": " + situation.evidence;
    page.Add(lead, text);
  }
}

// "004 step 3", "001 last section".
std::string StepText(const Note& note) {
  if (note.step.empty()) return note.document;
  const bool numbered = note.step.front() >= '0' && note.step.front() <= '9';
  return note.document + (numbered ? " step " : " ") + note.step;
}

void AddByHand(const Note& note, Page& page) {
  std::string text = note.text;
  if (!note.document.empty()) text += " (" + StepText(note) + ')';
  page.Add("  ! ", text, Ink::kYellow);
  for (const std::string& command : note.commands)
    page.AddUnbroken("    do   ", command, Ink::kBold);
}

void AddChoices(const Plan& plan, Page& page) {
  if (plan.choices.empty()) return;
  page.Gap();
  page.Add("Choices", "", Ink::kBold);
  for (const Choice& choice : plan.choices) {
    page.Add("  ", choice.subject + ": " + choice.chosen + ", because " + choice.why);
    for (const Choice::Alternative& alternative : choice.alternatives) {
      page.Add("    not ", alternative.name + ": " + alternative.why_not, Ink::kDim);
    }
  }
}

// What people do themselves before they let the plan run.
void AddBefore(const Plan& plan, Page& page) {
  bool first = true;
  for (const Note& note : plan.notes) {
    if (note.treatment != Note::Treatment::kBefore) continue;
    if (first) {
      page.Gap();
      page.Add("Before", "", Ink::kBold);
    }
    first = false;
    AddByHand(note, page);
  }
}

void AddActions(const Plan& plan, const ActionNumbers& numbers, Page& page) {
  if (plan.actions.empty()) return;
  page.Gap();
  page.Add("Actions", "", Ink::kBold);
  Turns turns(plan, numbers);
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    const Action* const previous = i == 0 ? nullptr : &plan.actions[i - 1];
    if (previous != nullptr && !SameGroup(plan.actions[i], *previous)) page.Gap();
    AddAction(plan.actions[i], previous, numbers, page);
    AddTurn(turns.Before(i), numbers, page);
  }
}

std::string TreatmentText(const Note& note, const ActionNumbers& numbers) {
  std::string text(Name(note.treatment));
  if (!note.fault.empty()) text += ' ' + note.fault;
  if (note.actions.empty()) return text;
  text += note.treatment == Note::Treatment::kMoved ? " to " : " as ";
  return text + NumbersText(note.actions, numbers);
}

// The heading names nothing but the pages, so that one page needs no table.
void AddNotes(const Plan& plan, const ActionNumbers& numbers, Page& page) {
  bool first = true;
  for (const Note& note : plan.notes) {
    if (note.treatment == Note::Treatment::kFollowUp || note.treatment == Note::Treatment::kBefore)
      continue;
    if (first) {
      page.Gap();
      page.Add("Steps of the source pages", "", Ink::kBold);
    }
    first = false;
    const std::string lead = "  " + SafeText(StepText(note)) + "  ";
    std::string text = TreatmentText(note, numbers);
    if (!note.text.empty()) text += ": " + note.text;
    page.Add(lead, text, Ink::kDim);
  }
}

void AddFollowUps(const Plan& plan, Page& page) {
  bool first = true;
  for (const Note& note : plan.notes) {
    if (note.treatment != Note::Treatment::kFollowUp) continue;
    if (first) {
      page.Gap();
      page.Add("Follow up", "", Ink::kBold);
    }
    first = false;
    AddByHand(note, page);
  }
}

}  // namespace

std::string ApprovalFlag(const Action& action) { return "--approve " + ToString(action.target); }

std::string PlanText(const Plan& plan, const Style& style, std::string_view measured, Walk walk) {
  Page page(style);
  const ActionNumbers numbers = Numbers(plan);
  page.Add(plan.phase.empty() ? "Plan: " : "Plan (" + plan.phase + "): ",
           Count(static_cast<std::size_t>(plan.mutations()), "action") + ", " +
               Count(static_cast<std::size_t>(plan.gates()), "gate"),
           Ink::kBold,
           Ink::kBold);
  AddRefusals(plan, page);
  AddLeftOut(plan, page);
  if (plan.empty())
    page.Add("Nothing to do: ",
             plan.organization +
                 (plan.phase == kPrepare ? " has nothing left to prepare." : " is as declared."),
             Ink::kGreen);
  AddDanger(plan, numbers, page);
  AddSituations(plan, page);
  AddChoices(plan, page);
  AddBefore(plan, page);
  AddActions(plan, numbers, page);
  AddNotes(plan, numbers, page);
  AddFollowUps(plan, page);
  AddEnding(plan, numbers, measured, walk, page);
  return page.Take();
}

}  // namespace poolshift
