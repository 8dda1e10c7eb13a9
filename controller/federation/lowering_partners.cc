// Partners with an allow list (D19.1): a name of the host that it lacks is a person's to ask for,
// with the words to send; done when the declaration has it. A live host is left only then, because
// the partner would be cut off; a dead one is left at once, because it is cut off already.
#include <algorithm>
#include <map>

#include "absl/strings/str_join.h"

#include "controller/federation/allow_lists.h"
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

using Gaps = std::vector<AllowListGap>;

std::string Addressee(const Partner& partner) {
  return partner.contact.empty() ? "the people of " + partner.domain : partner.contact;
}

// Of all gaps of a partner: one letter asks for them.
std::vector<std::string> NamesOf(const Gaps& gaps) {
  std::set<std::string> names;
  for (const AllowListGap& gap : gaps)
    names.insert(gap.names.begin(), gap.names.end());
  return {names.begin(), names.end()};
}

// "sip2.contoso.com (198.51.100.21) for SIP federation, TCP 5061"
std::string WishOf(const AllowListGap& gap) {
  return absl::StrJoin(gap.names, ", ") + " (" + absl::StrJoin(gap.host->addresses(), ", ") +
         ") for " + std::string(Title(gap.protocol)) + ", TCP " +
         std::to_string(Port(gap.protocol));
}

// What it lets in today stays right where the way back leads there, or the other protocol.
std::string LetterTo(const Organization& organization, const Gaps& gaps) {
  std::vector<std::string> wishes;
  wishes.reserve(gaps.size());
  for (const AllowListGap& gap : gaps)
    wishes.push_back(WishOf(gap));
  std::vector<std::string> domains;
  for (const auto& [name, domain] : organization.domains)
    domains.push_back(name);
  return "“Please let in: " + absl::StrJoin(wishes, "; and ") + ", in both directions. " +
         absl::StrJoin(domains, ", ") + " will federate with you from there. Go on letting " +
         absl::StrJoin(gaps.front().partner->accepts_names, ", ") +
         " in. Please answer when it is done.”";
}

std::vector<std::string> StepsFor(const Organization& organization, const Gaps& gaps) {
  const Partner& partner = *gaps.front().partner;
  const std::string names = absl::StrJoin(NamesOf(gaps), ", ");
  return {"1. Write to " + Addressee(partner) + ": " + LetterTo(organization, gaps),
          "2. When they have answered that it is done, and not before, add " + names +
              " to `acceptsNames` of Partner/" + partner.domain + " (" +
              ToString(partner.accepts_origin) + "), and commit that with their answer.",
          "done when: the newest declaration has " + names +
              " there. Nobody but the partner can look at its list."};
}

Literal AddRequest(Draft& draft, const Gaps& gaps) {
  const Partner& partner = *gaps.front().partner;
  const std::vector<std::string> names = NamesOf(gaps);
  Gate gate;
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
  action.commands = StepsFor(draft.organization, gaps);
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
  std::map<std::string, Gaps> by_partner;
  for (AllowListGap& gap : AllowListGaps(draft.view))
    by_partner[gap.partner->domain].push_back(std::move(gap));
  for (const auto& [domain, gaps] : by_partner) {
    const Attribution list(draft, gaps.front().partner->accepts_origin);
    if (draft.preparation.phase == MovePhase::kPrepare) {
      Warn(draft, gaps);
      continue;
    }
    const Literal has = AddRequest(draft, gaps);
    for (const AllowListGap& gap : gaps)
      if (draft.move(gap.protocol).is_planned()) draft.let_in[gap.protocol].push_back(has);
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
