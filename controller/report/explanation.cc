#include "controller/report/explanation.h"

#include <algorithm>

#include "controller/federation/kinds.h"
#include "controller/federation/no_return.h"
#include "controller/federation/provenance.h"
#include "controller/federation/resource_name.h"
#include "controller/federation/rule.h"
#include "controller/report/action_text.h"
#include "controller/report/change.h"
#include "controller/report/explanation_lead.h"
#include "controller/report/page.h"

namespace poolshift {
namespace {

std::string Lead(std::string_view label) { return ExplanationLead(label); }

const Action* Find(const Plan& plan, const ActionId& id) {
  const auto found = std::find_if(plan.actions.begin(),
                                  plan.actions.end(),
                                  [&](const Action& action) { return action.id == id; });
  return found == plan.actions.end() ? nullptr : &*found;
}

std::string Called(const Action& action, const ActionNumbers& numbers) {
  return '#' + std::to_string(numbers.at(action.id)) + ' ' + action.title;
}

void AddDeclared(const std::vector<DeclaredLine>& lines, Page& page) {
  for (const DeclaredLine& line : lines) {
    const std::string place = ToString(line.origin);
    page.Add(Lead("declared"), line.text + (place.empty() ? "" : ", " + place), Ink::kDim);
  }
}

std::string Cited(const Reason& reason) {
  return reason.text + " (" + SourceText(reason.rule, reason.source) + ')';
}

// "the XMPP route of Site1 is edgepool2 while … is off".
std::string StateText(const std::vector<std::string>& state) {
  std::string text;
  for (std::size_t i = 0; i < state.size(); ++i)
    text += (i == 0 ? "" : i == 1 ? " while " : " and ") + state[i];
  return text;
}

std::string Listed(const std::vector<std::string>& state) {
  std::string text;
  for (const std::string& part : state)
    text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string WaitText(const Wait& wait) {
  if (!wait.rule.has_value() && wait.state.empty()) return "the order of the plan keeps them apart";
  if (!wait.rule.has_value()) return "it would not be possible: " + Listed(wait.state);
  return "it would break " + wait.rule->rule + ", " + wait.rule->text + ": " +
         StateText(wait.state);
}

void AddWaits(const Explained& from,
              const Action& action,
              const ActionNumbers& numbers,
              Page& page) {
  for (const Action& earlier : from.plan.actions) {
    if (std::count(action.needs.begin(), action.needs.end(), earlier.id) == 0) continue;
    std::string text = Called(earlier, numbers);
    const std::vector<Wait> waits = from.waits(earlier.id, action.id);
    if (!waits.empty()) text += "; earlier " + WaitText(waits.front());
    page.Add(Lead("waits for"), text);
  }
}

bool OutOfService(const std::vector<DeclaredLine>& lines) {
  return std::any_of(lines.begin(), lines.end(), [](const DeclaredLine& line) {
    return line.text.ends_with("`condition: outOfService`");
  });
}

// A line for each vantage. The last one seen, null when it was not looked at.
const Observation* AddObserved(const ObservedState& observed, const ResourceId& id, Page& page) {
  const Observation* seen = nullptr;
  for (auto at = observed.observations.lower_bound({id, ""});
       at != observed.observations.end() && at->first.id == id;
       ++at) {
    seen = &at->second;
    std::string text = "could not look: " + seen->reason;
    if (seen->presence == Presence::kAbsent) text = "absent";
    if (seen->presence == Presence::kPresent) text = DisplayText(seen->properties);
    const std::string& vantage = at->first.vantage;
    page.Add(Lead("observed"), text + (vantage.empty() ? "" : ", from " + vantage));
  }
  return seen;
}

// The strongest reason first.
std::string WhyNoAction(const Plan& plan,
                        const ResourceId& id,
                        const Observation* seen,
                        const std::vector<DeclaredLine>& lines) {
  if (seen == nullptr) return "not looked at, so nothing is concluded";
  if (seen->presence == Presence::kUnreachable)
    return "could not look, and that is never taken for absent: nothing is concluded";
  if (id.kind == kinds::kDnsRecordSet && id.name.starts_with("_sip._tls"))
    return "remote access is asserted only, never changed (I-21, D16)";
  if (OutOfService(lines)) return "its pool is declared out of service: it is left alone (D3)";
  if (lines.empty()) return "nothing declares it: it is only looked at";
  if (!plan.refusals.empty()) return "the plan is refused: " + plan.refusals.front().text;
  if (!plan.left_out.empty()) {
    const LeftOut& left = plan.left_out.front();
    return "the plan does nothing to it; it leaves out " + left.part + ": " + left.because.text;
  }
  return "as declared: nothing to do";
}

// When it holds, and under which declarations of the Policy.
std::string HoldsText(const Rule& rule) {
  std::string text = "in every state";
  if (rule.severity == Rule::Severity::kAtRest) text = "at rest";
  if (rule.severity == Rule::Severity::kReadiness)
    text = "before a move: it says whether it can be";
  if (rule.scope == Rule::Scope::kDocumented) text += "; with `procedure: documented`";
  if (rule.scope == Rule::Scope::kServeFirst)
    text += "; with `procedure: serve-first`; " + std::string(rule.elsewhere);
  if (rule.scope == Rule::Scope::kOneFlag)
    text += "; with every `sipOrder` but `makeBeforeBreak`; there " + std::string(rule.elsewhere);
  if (rule.scope == Rule::Scope::kProtectedRoutes)
    text += "; with every `sipOrder` but `swapThenRoute`; there " + std::string(rule.elsewhere);
  return text;
}

// "goal" is what every change is for; other rules are cited.
bool IsDueTo(const Action& action, const Rule& rule) {
  if (rule.id == "goal" && action.verb != Verb::kGate)
    return !Changes(action.before, action.after).empty();
  return std::any_of(action.why.begin(), action.why.end(), [&](const Reason& reason) {
    return reason.rule == rule.id;
  });
}

std::vector<ActionId> Followers(const Plan& plan, const ActionId& id) {
  std::vector<ActionId> followers;
  for (const Action& action : plan.actions) {
    if (std::count(action.needs.begin(), action.needs.end(), id) > 0)
      followers.push_back(action.id);
  }
  return followers;
}

}  // namespace

std::string ExplainAction(const Explained& from, const Action& action, const Style& style) {
  const ActionNumbers numbers = Numbers(from.plan);
  Page page(style);
  AddTitle(action, numbers, page);
  page.Add(Lead("is"), ToString(action.target) + ", id " + action.id, Ink::kDim);
  AddDeclared(LinesBehind(from.organization, action), page);
  if (action.gate.has_value()) {
    for (const std::string& text : ExpectationTexts(*action.gate, numbers))
      page.Add(Lead("until"), text);
  } else {
    for (const Change& change : Changes(action.before, action.after))
      page.Add(Lead("differs in"), ToString(change) + " (observed → declared)");
  }
  for (const Reason& reason : action.why)
    page.Add(Lead("rule"), Cited(reason));
  for (const std::string& source : action.sources)
    page.Add(Lead("source"), source, Ink::kDim);
  AddWaits(from, action, numbers, page);
  const std::vector<ActionId> followers = Followers(from.plan, action.id);
  if (!followers.empty()) page.Add(Lead("waited for"), "by " + NumbersText(followers, numbers));
  const std::string no_return = NoReturn(action);
  if (!no_return.empty()) page.Add(Lead("no return"), no_return, Ink::kRed, Ink::kRed);
  for (const std::string& command : action.commands)
    page.AddUnbroken(Lead(action.human ? "do" : "runs"), command, Ink::kBold);
  return page.text();
}

std::optional<std::string> ExplainRule(const Explained& from,
                                       const std::string& id,
                                       const Style& style) {
  const auto rule = std::find_if(
      Rules().begin(), Rules().end(), [&](const Rule& known) { return known.id == id; });
  if (rule == Rules().end()) return std::nullopt;
  const ActionNumbers numbers = Numbers(from.plan);
  Page page(style);
  page.Add(id + "  ", rule->text, Ink::kBold, Ink::kBold);
  page.Add(Lead("source"), rule->source);
  page.Add(Lead("holds"), HoldsText(*rule));
  if (rule->clauses == Rule::Clauses::kNone) page.Add(Lead("kept by"), std::string(rule->kept));
  if (rule->clauses == Rule::Clauses::kMade)
    page.Add(Lead("kept by"), "clauses and gates of the planning problem");
  bool used = false;
  for (const Refusal& refusal : from.plan.refusals) {
    if (refusal.rule != id) continue;
    used = true;
    page.Add(Lead("refuses"), refusal.text, Ink::kRed);
  }
  for (const Action& action : from.plan.actions) {
    if (!IsDueTo(action, *rule)) continue;
    used = true;
    page.Add(Lead("reason for"), Called(action, numbers));
  }
  for (const Action& action : from.plan.actions) {
    for (const ActionId& need : action.needs) {
      const std::vector<Wait> waits = from.waits(need, action.id);
      const bool orders =
          !waits.empty() && waits.front().rule.has_value() && waits.front().rule->rule == id;
      if (!orders) continue;
      used = true;
      page.Add(Lead("orders"),
               '#' + std::to_string(numbers.at(need)) + " before #" +
                   std::to_string(numbers.at(action.id)) + ": otherwise " +
                   StateText(waits.front().state));
    }
  }
  if (!used) page.Add(Lead("here"), "no action of this plan is due to it, and it orders none");
  return page.text();
}

std::optional<std::string> ExplainResource(const Explained& from,
                                           const std::string& name,
                                           const Style& style) {
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos || kinds::FindKindSchema(name.substr(0, slash)) == nullptr)
    return std::nullopt;
  const ResourceId id{name.substr(0, slash), name.substr(slash + 1)};
  if (!kinds::NameFault(id).empty()) return std::nullopt;
  const std::vector<DeclaredLine> lines = LinesBehind(from.organization, id);
  Page page(style);
  page.Add("", name, Ink::kBold, Ink::kBold);
  const Observation* seen = AddObserved(from.observed, id, page);
  if (seen == nullptr && lines.empty()) return std::nullopt;
  if (seen == nullptr)
    page.Add(Lead("observed"), "not looked at: no rule asks for it in this situation");
  AddDeclared(lines, page);
  const ActionNumbers numbers = Numbers(from.plan);
  bool acts = false;
  for (const Action& action : from.plan.actions) {
    if (action.target != id) continue;
    acts = true;
    page.Add(Lead("planned"), Called(action, numbers) + "; `poolshift explain " + action.id + '`');
  }
  if (!acts) page.Add(Lead("no action"), WhyNoAction(from.plan, id, seen, lines));
  return page.text();
}

namespace {

std::string_view CitedAs(const std::string& id) {
  if (id.front() == 'F') return "Fault of the source pages ";
  return id.front() == 'D' ? "Decision " : "Source document ";
}

}  // namespace

std::optional<std::string> ExplainDocument(const Explained& from,
                                           const std::string& id,
                                           const Style& style) {
  Page page(style);
  page.Add(CitedAs(id), id, Ink::kBold, Ink::kBold);
  const ActionNumbers numbers = Numbers(from.plan);
  bool known = false;
  const auto corrects = [&id](const Note& note) {  // "F1 F5 F26"
    return (' ' + note.fault + ' ').find(' ' + id + ' ') != std::string::npos;
  };
  const auto cites = [&id](const std::string& source) { return source.starts_with(id + ' '); };
  for (const Rule& rule : Rules()) {
    if (rule.id != id && !cites(std::string(rule.source))) continue;
    known = true;
    page.Add(Lead("rule"), std::string(rule.id) + ", " + std::string(rule.text));
  }
  for (const Note& note : from.plan.notes) {
    if (note.document != id && !corrects(note)) continue;
    known = true;
    std::string text = (note.document == id ? "" : note.document + ' ') + std::string("step ") +
                       note.step + ' ' + std::string(Name(note.treatment)) + ": " + note.text;
    if (!note.actions.empty()) text += " (" + NumbersText(note.actions, numbers) + ')';
    if (!note.fault.empty()) text += " (" + note.fault + ')';
    page.Add(Lead("accounted"), text);
  }
  for (const Action& action : from.plan.actions) {
    if (std::none_of(action.sources.begin(), action.sources.end(), cites)) continue;
    known = true;
    page.Add(Lead("source of"), Called(action, numbers));
  }
  if (known) return page.text();
  return std::nullopt;
}

std::optional<std::string> ExplainNotDone(const Explained& from,
                                          const std::string& asked,
                                          const Style& style) {
  // What people ask for, and the rule that speaks of it.
  constexpr std::pair<std::string_view, std::string_view> kDeeds[] = {
      {"stop", "I-21"}, {"start", "I-19"}, {"route", "I-4"}, {"publish", "I-1"}};
  Page page(style);
  const ActionNumbers numbers = Numbers(from.plan);
  bool known = false;
  for (const auto& [deed, id] : kDeeds) {
    if (asked.find(deed) == std::string::npos) continue;
    for (const Note& note : from.plan.notes) {
      if (note.text.find(deed) == std::string::npos || !note.commands.empty()) continue;
      std::string text = note.document + " step " + note.step + ": " + note.text;
      if (!note.actions.empty()) text += " (" + NumbersText(note.actions, numbers) + ')';
      if (!note.fault.empty()) text += " (" + note.fault + ')';
      page.Add(Lead("because"), text);
      known = true;
    }
    if (!known) continue;
    const Reason rule = Because(id);
    page.Add(Lead("rule"), Cited(rule));
  }
  if (known) return page.text();
  return std::nullopt;
}

std::string ExplainOrder(const Explained& from,
                         const Action& first,
                         const Action& second,
                         const Style& style) {
  const ActionNumbers numbers = Numbers(from.plan);
  Page page(style);
  page.Add("Why not ", Called(first, numbers) + "  before  " + Called(second, numbers), Ink::kBold);
  if (first.id == second.id) {
    page.Add(Lead("answer"), "it is the same action");
    return page.text();
  }
  const std::vector<Wait> waits = from.waits(second.id, first.id);
  if (waits.empty()) {
    const bool reversed = !from.waits(first.id, second.id).empty();
    page.Add(Lead("answer"),
             reversed ? "that is the order of the plan"
                      : "nothing stands against it: the plan does not order the two, they may run "
                        "side by side");
    return page.text();
  }
  for (const Wait& wait : waits) {
    page.Add(Lead("because"),
             Called(*Find(from.plan, wait.later), numbers) + "  waits for  " +
                 Called(*Find(from.plan, wait.earlier), numbers));
    page.Add(Lead("otherwise"), WaitText(wait));
    if (wait.rule.has_value())
      page.Add(Lead("source"), SourceText(wait.rule->rule, wait.rule->source), Ink::kDim);
  }
  return page.text();
}

}  // namespace poolshift
