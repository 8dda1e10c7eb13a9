#include "controller/report/rehearsal_report.h"

#include <algorithm>

#include "controller/report/action_text.h"
#include "controller/report/change.h"
#include "controller/report/page.h"
#include "controller/report/run_report.h"

namespace poolshift {
namespace {

// "flag edgepool1, routes edgepool1, …", or only what differs from the state before.
std::string Text(const ProtocolStanding& now, const ProtocolStanding* before) {
  struct Member {
    const char* name;
    std::string ProtocolStanding::*value;
  };
  const Member members[] = {{"flag", &ProtocolStanding::flag},
                            {"routes", &ProtocolStanding::routes},
                            {"records", &ProtocolStanding::records},
                            {"answers", &ProtocolStanding::answers}};
  std::string text;
  for (const Member& member : members) {
    const std::string& value = now.*member.value;
    if (before != nullptr && before->*member.value == value) continue;
    if (!text.empty()) text += "; ";
    text += std::string(member.name) + ' ';
    if (before != nullptr) text += before->*member.value + " → ";
    text += value;
  }
  return text;
}

void AddProtocol(const char* lead,
                 const ProtocolStanding& now,
                 const ProtocolStanding* before,
                 Page& page) {
  const std::string text = Text(now, before);
  if (!text.empty()) page.Add(lead, text);
}

void AddStanding(const PassedState& state, const PassedState* before, Page& page) {
  AddProtocol("      SIP   ",
              state.standing.sip,
              before == nullptr ? nullptr : &before->standing.sip,
              page);
  AddProtocol("      XMPP  ",
              state.standing.xmpp,
              before == nullptr ? nullptr : &before->standing.xmpp,
              page);
}

bool Contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

void AddDeaths(const PassedState& state, Page& page) {
  for (const std::string& pool : state.died)
    page.Add("      died  ",
             pool + (state.after.empty() ? " before it" : " as it was called"),
             Ink::kRed);
}

void AddWay(const WayOn& way, Page& page) {
  std::string lead = "with the manifests as they are";
  if (!way.dead.edge_pools.empty() || !way.dead.front_end_pools.empty()) {
    lead = "with a commit that declares ";
    std::string names;
    for (const auto* pools : {&way.dead.edge_pools, &way.dead.front_end_pools})
      for (const std::string& name : *pools)
        names += (names.empty() ? "" : ", ") + name;
    lead += names + " dead";
    if (!way.successors.federation.empty()) lead += ", SIP hosted by " + way.successors.federation;
    if (!way.successors.xmpp.empty()) lead += ", XMPP hosted by " + way.successors.xmpp;
  }
  const std::size_t gates = way.plan.actions.size() - way.plan.mutations();
  page.Add("  ",
           lead + ": " +
               (!way.plan.refusals.empty() ? "there is none"
                : way.plan.actions.empty()
                    ? "nothing is left to do"
                    : Count(way.plan.mutations(), "action") + ", " + Count(gates, "gate")),
           Ink::kBold);
  for (const Refusal& refusal : way.plan.refusals) {
    page.Add("      refused  ", refusal.text + " (" + refusal.rule + ')', Ink::kRed);
    if (!refusal.hint.empty()) page.Add("      do       ", refusal.hint);
  }
  for (std::size_t i = 0; i < way.plan.actions.size(); ++i) {
    const Action& action = way.plan.actions[i];
    page.Add("      " + std::string(1, Symbol(action.verb)) + ' ', action.title);
  }
}

// Rules that the step has repaired.
void AddRepaired(const PassedState& state, const PassedState& before, Page& page) {
  for (const std::string& rule : before.standing.broken) {
    if (!Contains(state.standing.broken, rule)) page.Add("      mended  ", rule, Ink::kGreen);
  }
}

}  // namespace

std::vector<std::string> BrokenAnew(const std::vector<PassedState>& states, std::size_t state) {
  std::vector<std::string> anew;
  for (const std::string& rule : states[state].standing.broken) {
    if (!Contains(states.front().standing.broken, rule)) anew.push_back(rule);
  }
  return anew;
}

bool RulesHeld(const std::vector<PassedState>& states) {
  for (std::size_t i = 0; i < states.size(); ++i)
    if (!BrokenAnew(states, i).empty()) return false;
  return true;
}

std::string OrderText(const Plan& plan,
                      const std::vector<PassedState>& states,
                      const std::optional<std::uint64_t>& seed,
                      const Style& style) {
  const auto numbers = Numbers(plan);
  std::string order;
  for (const PassedState& state : states) {
    if (!state.after.empty())
      order += (order.empty() ? "#" : ", #") + std::to_string(numbers.at(state.after));
  }
  Page page(style);
  page.Add("Order: ",
           (order.empty() ? "nothing ended" : order) +
               (seed.has_value() ? ", drawn from seed " + std::to_string(*seed) + '.'
                                 : ", one at a time as the executor takes them."));
  return page.text();
}

std::string WaysOnText(const std::vector<WayOn>& ways, const Style& style) {
  if (ways.empty()) return "";
  Page page(style);
  page.Add("A new plan from there", "", Ink::kBold);
  for (const WayOn& way : ways)
    AddWay(way, page);
  return page.text();
}

std::string StatesText(const Plan& plan,
                       const std::vector<PassedState>& states,
                       const Style& style) {
  Page page(style);
  if (states.empty()) return "";
  page.Add("States that the plan passes", "", Ink::kBold);
  page.Add("  at first", "", Ink::kBold);
  AddDeaths(states.front(), page);
  AddStanding(states.front(), nullptr, page);
  for (const std::string& rule : states.front().standing.broken)
    page.Add("      broken before  ", rule, Ink::kYellow);
  for (std::size_t i = 1; i < states.size(); ++i) {
    const PassedState& state = states[i];
    page.AddText(ProgressText(plan, state.after, state.end, style) + '\n');
    AddDeaths(state, page);
    AddStanding(state, &states[i - 1], page);
    AddRepaired(state, states[i - 1], page);
    for (const std::string& rule : BrokenAnew(states, i))
      page.Add("      BROKEN  ", rule, Ink::kRed, Ink::kRed);
  }
  page.Gap();
  if (RulesHeld(states)) {
    page.Add("Rules: ",
             std::string(kWatchedRules) + " held in " + Count(states.size(), "state") +
                 (states.front().standing.broken.empty()
                      ? "."
                      : "; what was broken before was made no worse."),
             Ink::kGreen);
  } else {
    page.Add("Rules: ", "broken by the plan, see above. Do not apply it.", Ink::kRed, Ink::kRed);
  }
  return page.text();
}

}  // namespace poolshift
