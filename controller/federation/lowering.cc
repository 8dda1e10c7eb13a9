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

// D16: what a traffic manager answers is not ours to change, and nobody else will think of it.
void WarnOfTrafficManagers(Draft& draft) {
  const Move& sip = draft.move(Protocol::kSip);
  if (!sip.is_move()) return;
  for (const auto& [name, domain] : draft.organization.domains) {
    if (!domain.sip.has_value() || domain.sip->style != SipDnsStyle::kGtm) continue;
    std::string addresses;
    for (const std::string& address :
         AnsweringAddresses(draft.organization, draft.view.observed(), *sip.to))
      addresses += (addresses.empty() ? "" : ", ") + address;
    draft.warnings.Warning(
        domain.origin,
        domain.sip->gtm_name +
            " is answered by a traffic manager, which is not "
            "changed here: it must lead to " +
            addresses + " (D16)",
        "see that its health checks do so once " + sip.to->name + " answers, or switch it by hand");
  }
}

void WarnOfCentralStore(Draft& draft) {
  if (draft.central_store_writes.empty()) return;
  const Value* store =
      draft.view.observed().Properties(kinds::CentralStore(draft.organization.name));
  if (store == nullptr) {
    draft.Refuse("I-17",
                 "cannot look at the central store, and the plan must write it",
                 "mend the provider that serves CentralStore, then plan again",
                 draft.organization.origin);
  } else if (!store->BooleanOr("alive", false)) {
    draft.Refuse("I-17",
                 "the central store is dead, and the plan must write it",
                 "fail it over first: Invoke-CsManagementServerFailover on the backup pool (P6)",
                 draft.organization.origin);
  }
}

void WarnOfCertificates(Draft& draft) {
  for (const Protocol protocol : kProtocols) {
    const Move& move = draft.move(protocol);
    if (!move.is_move() || draft.view.IsSilent(*move.to)) continue;
    for (const EdgeServer* answering : draft.view.Answering(*move.to)) {
      const EdgeServer& server = *answering;
      const Value* certificate =
          draft.view.observed().Properties(kinds::Certificate(server.fqdn, "accessEdgeExternal"));
      const Value* names = certificate == nullptr ? nullptr : certificate->Find("names");
      if (names == nullptr) {
        draft.warnings.Warning({},
                               "cannot look at the certificate of " + server.fqdn + " (I-13)",
                               "see that it covers every federated domain");
        continue;
      }
      for (const auto& [name, domain] : draft.organization.domains) {
        const bool speaks =
            protocol == Protocol::kSip ? domain.sip.has_value() : domain.xmpp.has_value();
        const std::string needed = protocol == Protocol::kSip ? PoolNameIn(*move.to, name) : name;
        if (!speaks || std::count(names->list().begin(), names->list().end(), Value(needed)) > 0)
          continue;
        draft.Refuse("I-13",
                     "the certificate of " + server.fqdn + " does not cover " + needed,
                     "request one with that name, assign it, then plan again",
                     move.to->origin);
      }
    }
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
              const Assignment& assignment) {
  const View view(organization, observed);
  const Judgement judgement = Judge(view);
  Lowered lowered;
  lowered.moves = judgement.moves;
  for (const Move& move : judgement.moves) {
    if (move.to != nullptr) lowered.situations.push_back(ToSituation(move));
  }
  lowered.refusals = judgement.refusals;
  if (!lowered.refusals.empty()) return lowered;

  Draft draft(view, judgement, assignment);
  WarnOfOverrides(view, draft.warnings);
  CheckAccessPolicy(draft);
  WarnOfPartners(draft);
  WarnOfTrafficManagers(draft);
  WarnOfCertificates(draft);
  LowerZombies(draft);
  LowerServices(draft);
  LowerTopology(draft);
  LowerRoutes(draft);
  LowerAssociations(draft);
  LowerReplication(draft);
  LowerComponents(draft);
  LowerFences(draft);
  LowerProbes(draft);
  LowerClosing(draft);
  LowerRecords(draft);
  WaitForSilence(draft);
  LowerSettling(draft);
  LowerDrain(draft);
  LowerFrontEndPools(draft);
  WarnOfCentralStore(draft);
  CheckRemoteAccess(draft);

  lowered.refusals = std::move(draft.refusals);
  lowered.warnings = std::move(draft.warnings);
  lowered.basis = BasisOf(draft);
  if (lowered.refusals.empty()) lowered.problem = std::move(draft.problem);
  return lowered;
}

}  // namespace poolshift
