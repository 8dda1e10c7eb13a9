// Traffic managers (D16): what they answer is a person's to change, or happens by their own health
// checks. The plan says exactly what must be answered, waits until outside vantages resolve the
// name so, and only then takes the records of SIP for moved.
#include <algorithm>

#include "absl/strings/str_join.h"

#include "controller/federation/gtm.h"
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"
#include "controller/federation/silence.h"

namespace poolshift {
namespace {

// Those of the host that answer.
std::string HostAddresses(const Draft& draft, const EdgePool& host) {
  return absl::StrJoin(AnsweringAddresses(draft.organization, draft.view.observed(), host), ", ");
}

std::vector<std::string> Instructions(const Draft& draft, const Gtm& gtm, const Move& move) {
  const std::string& name = gtm.domain->sip->gtm_name;
  const std::string wanted = HostAddresses(draft, *move.to);
  std::string change =
      "2. If its health checks have not switched it by themselves, make it answer " + wanted +
      " (" + move.to->name + ") and nothing else";
  if (move.from != nullptr)
    change +=
        "; take out " + absl::StrJoin(move.from->addresses(), ", ") + " (" + move.from->name + ")";
  return {
      "1. Open the traffic manager that answers " + name + "; now it answers " + gtm.answers + ".",
      change + ".",
      "3. Keep that until the declaration changes again: no automatic way back.",
      "done when: enough vantages resolve " + name + " to nothing but " + wanted + "."};
}

void AddSwitch(Draft& draft, const Gtm& gtm) {
  const Move& move = draft.move(Protocol::kSip);
  const std::string& name = gtm.domain->sip->gtm_name;
  const Attribution declared(draft, gtm.domain->sip_origin);
  const VariableIndex variable =
      draft.AddVariable("traffic manager " + name, {"as observed", "leads to the host"});
  Gate gate;
  gate.consecutive = draft.organization.policy.probes;
  gate.vantages_required = draft.organization.policy.vantages_required;
  gate.expectations = gtm.expectations;
  // Behind the routes, as records are, also where the host answers before these (D2).
  Conditions needs = draft.probed[Protocol::kSip];
  if (draft.served_first.contains(Protocol::kSip)) Append(needs, draft.replicated);
  Action& action = draft.AddTask(variable,
                                 {std::string(kinds::kDnsRecordSet), name},
                                 "switch " + name + " to " + move.to->name +
                                     ", or see that its health checks have switched it",
                                 std::move(gate),
                                 std::move(needs),
                                 {Because("D16")});
  action.sources = {"P1 step 8"};
  action.commands = Instructions(draft, gtm, move);
  draft.addressed[Protocol::kSip].push_back(draft.Done(variable));
}

void WarnUnseen(Draft& draft, const Gtm& gtm) {
  const Move& move = draft.move(Protocol::kSip);
  if (!move.is_move()) return;
  draft.warnings.Warning(
      gtm.domain->origin,
      "no vantage could resolve " + gtm.domain->sip->gtm_name +
          ", which a traffic manager answers: nothing waits for it, and it must lead to " +
          HostAddresses(draft, *move.to) + " (D16)",
      "once " + move.to->name +
          " answers, see that its health checks switch it, or switch it by "
          "hand");
}

}  // namespace

bool AnyGtmDiffers(const Draft& draft) {
  const Move& move = draft.move(Protocol::kSip);
  if (move.to == nullptr) return false;
  const std::vector<Gtm> all = Gtms(draft.view, *move.to);
  return std::any_of(all.begin(), all.end(), [](const Gtm& gtm) { return gtm.leads_elsewhere; });
}

void LowerGtms(Draft& draft) {
  const Move& move = draft.move(Protocol::kSip);
  if (move.to == nullptr || draft.probed[Protocol::kSip].empty()) return;
  for (const Gtm& gtm : Gtms(draft.view, *move.to)) {
    if (gtm.looked == 0) {
      WarnUnseen(draft, gtm);
      continue;
    }
    if (!gtm.leads_there && !move.is_move() && !gtm.leads_elsewhere) continue;
    for (const Expectation& expectation : gtm.expectations)
      draft.gtm_answers.push_back(expectation);
    auto& ttl = draft.former_ttl[Protocol::kSip];
    ttl = std::max(ttl, gtm.ttl);
    if (!gtm.leads_there) AddSwitch(draft, gtm);
  }
}

}  // namespace poolshift
