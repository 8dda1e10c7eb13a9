#include "controller/federation/lowering.h"

#include <algorithm>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/override.h"
#include "controller/federation/rule.h"
#include "controller/federation/silence.h"

namespace poolshift {
namespace {

// D19: partners that pinned a name or an address list do not move with our records.
void WarnOfPartners(Draft& draft) {
  for (const auto& [name, partner] : draft.organization.partners) {
    if (partner.discovery == Partner::Discovery::kDns) continue;
    const bool moves = (partner.sip && draft.move(Protocol::kSip).is_move()) ||
                       (partner.xmpp && draft.move(Protocol::kXmpp).is_move());
    if (!moves) continue;
    std::string text = partner.domain + " will not follow DNS";
    if (!partner.pinned_name.empty()) text += " (it pinned " + partner.pinned_name + ")";
    draft.warnings.Warning(
        partner.origin,
        text + " (D19)",
        partner.contact.empty() ? "declare its contact" : "call " + partner.contact);
  }
}

// The revision of everything that the operators change, and of the designations they rely on.
std::vector<std::pair<ObservationKey, std::string>> BasisOf(const Draft& draft) {
  std::map<ObservationKey, std::string> basis;
  const auto add = [&](const ResourceId& id) {
    const ObservationKey key{id, ""};
    const Observation* seen = draft.view.observed().Find(id);
    if (seen != nullptr && seen->presence != Presence::kUnreachable) basis[key] = seen->revision;
  };
  for (const Operator& step : draft.problem.operators) {
    if (step.action.verb != Verb::kGate) add(step.action.target);
  }
  if (!basis.empty()) {
    add(kinds::Topology(draft.organization.name));
    for (const auto& [name, site] : draft.organization.sites)
      add(kinds::SiteRoute(name));
  }
  return {basis.begin(), basis.end()};
}

}  // namespace

Lowered Lower(const Organization& organization,
              const ObservedState& observed,
              const Assignment& assignment,
              const Preparation& preparation) {
  const View view(organization, observed);
  const Judgement judgement = Judge(view);
  Lowered lowered;
  lowered.moves = judgement.moves;
  for (const Move& move : judgement.moves) {
    if (move.to != nullptr) lowered.situations.push_back(ToSituation(move));
  }
  lowered.refusals = judgement.refusals;
  if (!lowered.refusals.empty()) return lowered;

  Draft draft(view, judgement, assignment, preparation);
  if (!preparation.takes_back) WarnOfOverrides(view, draft.warnings);
  LowerPolicy(draft);
  WarnOfPartners(draft);
  CheckCertificates(draft);
  Diagnostics readiness = draft.warnings;
  LowerZombies(draft);
  LowerServices(draft);
  LowerCentralStore(draft);
  LowerSipOrder(draft);
  LowerTopology(draft);
  LowerDirectors(draft);
  LowerRoutes(draft);
  LowerOnePublish(draft);
  LowerEnabling(draft);
  LowerReplication(draft);
  LowerComponents(draft);
  LowerFences(draft);
  LowerProbes(draft);
  LowerClosing(draft);
  LowerRecords(draft);
  WaitForEnabling(draft);
  LowerPreparation(draft);
  LowerGtms(draft);
  WaitForSilence(draft);
  LowerSettling(draft);
  LowerDrain(draft);
  LowerAssociations(draft);
  LowerFrontEndPools(draft);
  RefuseDeadCentralStore(draft);
  CheckRemoteAccess(draft);
  if (preparation.phase == MovePhase::kPrepare) KeepPreparation(draft, std::move(readiness));

  lowered.refusals = std::move(draft.refusals);
  lowered.warnings = std::move(draft.warnings);
  lowered.choices = std::move(draft.choices);
  lowered.notes = std::move(draft.notes);
  lowered.basis = BasisOf(draft);
  lowered.former_ttl = std::move(draft.former_ttl);
  if (lowered.refusals.empty()) lowered.problem = std::move(draft.problem);
  return lowered;
}

}  // namespace poolshift
