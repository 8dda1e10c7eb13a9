// Partners with an allow list (D19.1): a name of the host that it lacks is a person's to ask for,
// with the words to send; done when the declaration has it. A live host is left only then, because
// the partner would be cut off. From a dead one nothing waits, because it is cut off already: there
// the letter is what is left to do behind the move (notes.h).
#include <algorithm>

#include "absl/strings/str_join.h"

#include "controller/federation/allow_lists.h"
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

using Gaps = std::vector<AllowListGap>;

// A partner is waited for where nothing is lost by it: all that moves is alive, and nothing is
// taken back.
bool CanWait(const Draft& draft) {
  return !draft.preparation.takes_back &&
         std::none_of(std::begin(kProtocols), std::end(kProtocols), [&](Protocol protocol) {
           return draft.move(protocol).kind == Move::Kind::kFailover;
         });
}

Literal AddRequest(Draft& draft, const Gaps& gaps) {
  const Partner& partner = *gaps.front().partner;
  const std::vector<std::string> names = NamesOf(gaps);
  Gate gate;
  gate.consecutive = 2;  // a file that is being written can be empty for a moment
  for (const std::string& name : names)
    gate.expectations.push_back({{kinds::PartnerAcceptance(partner.domain, name), ""},
                                 "accepted",
                                 Expectation::Compare::kEquals,
                                 true});
  const VariableIndex variable =
      draft.AddVariable("allow list of " + partner.domain, {"without the name", "with it"});
  Action& action = draft.AddTask(variable,
                                 {std::string(kinds::kPartnerAcceptance), partner.domain},
                                 "ask " + partner.domain +
                                     (partner.contact.empty() ? "" : " (" + partner.contact + ")") +
                                     " to allow " + absl::StrJoin(names, ", "),
                                 std::move(gate),
                                 {},
                                 {Because("D19.1")});
  action.commands = RequestTo(draft.organization, gaps);
  return draft.Done(variable);
}

// `prepare` keeps no step of the move, and is the time to ask.
void Warn(Draft& draft, const Gaps& gaps) {
  const Partner& partner = *gaps.front().partner;
  for (const AllowListGap& gap : gaps)
    draft.warnings.Warning(partner.accepts_origin,
                           ToText(gap) + " (D19.1)",
                           "ask " + Addressee(partner) + " now: the cut-over waits for it");
}

}  // namespace

void AskPartners(Draft& draft) {
  if (!CanWait(draft)) return;  // they are asked behind the move (notes.h)
  const auto moves = [&](Protocol protocol) { return draft.move(protocol).is_planned(); };
  for (const auto& [domain, gaps] : GapsByPartner(draft.view, moves)) {
    const Attribution list(draft, gaps.front().partner->accepts_origin);
    if (draft.preparation.phase == MovePhase::kPrepare) {
      Warn(draft, gaps);
      continue;
    }
    const Literal has = AddRequest(draft, gaps);
    for (const AllowListGap& gap : gaps)
      draft.let_in[gap.protocol].push_back(has);
  }
}

// Flag, routes and records: whatever leads a partner to the new host, or us through it.
void WaitForPartners(Draft& draft) {
  for (const auto& [protocol, asked] : draft.let_in) {
    const Attribution host(draft, HostLine(draft.organization, protocol));
    std::set<VariableIndex> leading;
    if (protocol == Protocol::kSip && draft.flag_variable.has_value())
      leading.insert(*draft.flag_variable);
    for (const auto* led : {&draft.routed, &draft.addressed, &draft.former_closed}) {
      const auto found = led->find(protocol);
      if (found == led->end()) continue;
      for (const Literal& each : found->second)
        leading.insert(each.variable);
    }
    for (const VariableIndex variable : leading)
      draft.Imply("D19.1", draft.Not(Draft::Is(variable, 0)), asked);
  }
}

}  // namespace poolshift
