#include "controller/engine/no_order.h"

#include <string_view>

#include "controller/federation/state_words.h"

namespace poolshift {
namespace {

// The planner names a variable, people read what it is.
Demand InWords(Demand demand) {
  constexpr std::string_view kMust = " must become ";
  const std::size_t at = demand.rule.text.find(kMust);
  if (demand.rule.rule == "goal" && at != std::string::npos)
    demand.rule.text =
        VariableInWords(demand.rule.text.substr(0, at)) + demand.rule.text.substr(at);
  return demand;
}

}  // namespace

Refusal RefusalOf(const plan::NoSolution& none, const Organization& organization) {
  Refusal refusal;
  refusal.rule = none.because.empty() ? "goal" : none.because.front().rule;
  refusal.text = none.proved ? "no safe order of actions exists"
                             : "no safe order of actions was found in time";
  if (!none.stuck.empty()) {
    refusal.text += " for ";
    for (std::size_t i = 0; i < none.stuck.size(); ++i)
      refusal.text += (i == 0 ? "" : ", ") + VariableInWords(none.stuck[i]);
  }
  for (const Demand& demand : none.demands)
    refusal.demands.push_back(InWords(demand));
  if (!none.demands.empty()) {
    refusal.rule = none.demands.front().rule.rule;
    refusal.source = none.demands.front().rule.source;
    refusal.text += none.demands.size() == 1 ? ": this cannot be met" : ": these cannot all be met";
    refusal.hint = "give up one of them: change its line, or reach the goal by two commits";
    refusal.origin = none.demands.front().origin.file.empty() ? organization.origin
                                                              : none.demands.front().origin;
    return refusal;
  }
  for (const Reason& reason : none.because)
    refusal.text += "; " + reason.rule + ": " + reason.text;
  refusal.hint = "declare a goal that can be reached without breaking a rule, one step at a time";
  refusal.origin = organization.origin;
  return refusal;
}

}  // namespace poolshift
