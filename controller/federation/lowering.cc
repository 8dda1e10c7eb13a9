#include "controller/federation/lowering.h"

#include <algorithm>

#include "controller/federation/hosting.h"
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

using Basis = std::vector<std::pair<ObservationKey, std::string>>;

// What was seen of a resource, if anything was.
void AddRevision(const Draft& draft, const ResourceId& id, Basis& basis) {
  const Observation* seen = draft.view.observed().Find(id);
  if (seen != nullptr && seen->presence != Presence::kUnreachable)
    basis.push_back({{id, ""}, seen->revision});
}

const Basis& Designations(Draft& draft) {
  auto& known = draft.memory.designations;
  if (known.has_value()) return *known;
  known.emplace();
  for (const auto& [name, site] : draft.organization.sites)
    AddRevision(draft, kinds::SiteRoute(name), *known);
  AddRevision(draft, kinds::Topology(draft.organization.name), *known);
  return *known;
}

// The revision of everything that the operators change, and of the designations they rely on.
Basis BasisOf(Draft& draft) {
  std::vector<const ResourceId*> changed;
  for (const Operator& step : draft.problem.operators) {
    const ResourceId& target = step.action.target;
    // The ways to change one resource mostly stand together.
    const bool again = !changed.empty() && *changed.back() == target;
    if (step.action.verb != Verb::kGate && !again) changed.push_back(&target);
  }
  std::sort(changed.begin(), changed.end(), [](const auto* a, const auto* b) { return *a < *b; });
  const auto same = [](const auto* a, const auto* b) { return *a == *b; };
  changed.erase(std::unique(changed.begin(), changed.end(), same), changed.end());
  Basis own;
  for (const ResourceId* id : changed)
    AddRevision(draft, *id, own);
  if (own.empty()) return own;
  Basis basis;
  const Basis& designations = Designations(draft);
  basis.reserve(own.size() + designations.size());
  std::set_union(
      own.begin(), own.end(), designations.begin(), designations.end(), std::back_inserter(basis));
  return basis;
}

// Where nothing was told before, nothing is now: who is told of does not depend on lines.
void TellOfOverrides(Draft& draft) {
  auto& known = draft.memory.is_overridden;
  if (known == false) return;
  known = draft.Adds([&] { WarnOfOverrides(draft.view, draft.warnings); });
}

// One lowering, and what it could not look at.
struct Pass {
  Lowered lowered;
  std::vector<Undecided> undecided;  // the lowering is worth nothing while protocols are
};

void LowerParts(Draft& draft) {
  const Preparation& preparation = draft.preparation;
  if (!preparation.takes_back) TellOfOverrides(draft);
  LowerPolicy(draft);
  WarnOfPartners(draft);
  AskPartners(draft);
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
  LowerFirstServing(draft);
  LowerReplication(draft);
  LowerComponents(draft);
  LowerRolling(draft);
  LowerFences(draft);
  LowerProbes(draft);
  LowerWayInside(draft);
  KeepRoutesUntilServed(draft);
  LowerClosing(draft);
  LowerRecords(draft);
  WaitForEnabling(draft);
  LowerPreparation(draft);
  LowerGtms(draft);
  WaitForPartners(draft);
  WaitForSilence(draft);
  LowerSettling(draft);
  LowerDrain(draft);
  LowerAssociations(draft);
  LowerFrontEndPools(draft);
  WaitForReturn(draft);
  RefuseDeadCentralStore(draft);
  CheckRemoteAccess(draft);
  if (preparation.phase == MovePhase::kPrepare) KeepPreparation(draft, std::move(readiness));
}

Pass LowerOnce(const Organization& organization,
               const ObservedState& observed,
               const Assignment& assignment,
               const Preparation& preparation,
               LoweringMemory& memory,
               bool memory_stays) {
  if (memory.view() == nullptr) memory.Begin(organization, observed, memory_stays);
  const Judgement& judgement = memory.judgement();
  Pass pass;
  Lowered& lowered = pass.lowered;
  lowered.moves = judgement.moves;
  for (const Move& move : judgement.moves) {
    if (move.to != nullptr) lowered.situations.push_back(ToSituation(move));
  }
  lowered.refusals = judgement.refusals;
  pass.undecided = judgement.undecided;
  if (!lowered.refusals.empty() || !pass.undecided.empty()) return pass;

  Draft draft(*memory.view(), judgement, assignment, preparation, memory);
  LowerParts(draft);
  lowered.refusals = std::move(draft.refusals);
  lowered.warnings = std::move(draft.warnings);
  lowered.choices = std::move(draft.choices);
  lowered.notes = std::move(draft.notes);
  lowered.basis = BasisOf(draft);
  lowered.former_ttl = std::move(draft.former_ttl);
  pass.undecided = std::move(draft.undecided);
  if (lowered.refusals.empty()) lowered.problem = std::move(draft.problem);
  return pass;
}

// Of a protocol that is left out, what was seen of it stays said, and nothing is concluded.
std::vector<Situation> WithUnknown(const std::vector<Situation>& whole,
                                   const std::vector<Situation>& rest,
                                   const Omission& omission) {
  std::vector<Situation> situations;
  for (const Protocol protocol : kProtocols) {
    const bool left = omission.Leaves(protocol);
    for (const Situation& each : left ? whole : rest) {
      if (each.protocol != Name(protocol)) continue;
      situations.push_back(each);
      if (left) situations.back().name = "unknown";
    }
  }
  return situations;
}

std::vector<LeftOut> PartsOf(std::vector<Undecided> undecided) {
  std::vector<LeftOut> parts;
  for (Undecided& each : undecided)
    parts.push_back(std::move(each.what));
  std::stable_sort(parts.begin(), parts.end(), [](const LeftOut& a, const LeftOut& b) {
    return a.part < b.part;
  });
  return parts;
}

// Edge pools (manifest names) that may carry the protocol, as far as anything says so.
std::set<std::string> Carriers(const View& view, Protocol protocol) {
  std::set<std::string> carriers{view.InDns(protocol)};
  for (const auto& [name, site] : view.organization().sites) {
    carriers.insert(DeclaredHost(site, protocol));
    carriers.insert(view.PoolOf(view.Route(site, protocol).value_or("")));
  }
  if (protocol == Protocol::kXmpp) return carriers;  // its flag alone designates nothing (D1)
  for (const std::string& fqdn : view.Flagged(protocol).value_or(std::vector<std::string>{}))
    carriers.insert(view.PoolOf(fqdn));
  return carriers;
}

// Who may carry what is left out keeps the next hop that is observed. A host of the rest has it as
// declared: both protocols of a pool have one, and the rest needs one that lives (I-18).
Organization RestOf(const View& whole, const Omission& omission) {
  Organization rest = Without(whole.organization(), omission);
  const Hosting hosting(rest);
  for (const Protocol left : omission.protocols) {
    for (const std::string& name : Carriers(whole, left)) {
      const auto pool = rest.edge_pools.find(name);
      if (pool == rest.edge_pools.end() || hosting.IsDeclaredHost(Protocol::kSip, name) ||
          hosting.IsDeclaredHost(Protocol::kXmpp, name))
        continue;
      pool->second.next_hop.clear();
    }
  }
  return rest;
}

bool IsSaid(const std::string& text, const std::vector<Refusal>& refusals) {
  return std::any_of(
      refusals.begin(), refusals.end(), [&](const Refusal& is) { return is.text == text; });
}

bool IsSaid(const std::string& text, const Diagnostics& warnings) {
  const auto& items = warnings.items();
  return std::any_of(
      items.begin(), items.end(), [&](const Diagnostic& is) { return is.message == text; });
}

// Nothing is planned: what refuses the whole, what refuses the rest of it, and every part that
// could not be looked at. Each is said once.
Lowered Refused(Lowered whole, const Lowered& rest, std::vector<Undecided> undecided) {
  for (const Refusal& refusal : rest.refusals)
    if (!IsSaid(refusal.text, whole.refusals)) whole.refusals.push_back(refusal);
  for (const Diagnostic& warning : rest.warnings.items())
    if (!IsSaid(warning.message, whole.warnings)) whole.warnings.Add(warning);
  RefuseLeftOut(PartsOf(std::move(undecided)), whole.refusals);
  whole.problem = {};
  return whole;
}

}  // namespace

Lowered Lower(const Organization& organization,
              const ObservedState& observed,
              const Assignment& assignment,
              const Preparation& preparation,
              LoweringMemory* memory) {
  LoweringMemory of_this_time;
  LoweringMemory& used = memory == nullptr ? of_this_time : *memory;
  Pass whole = LowerOnce(organization, observed, assignment, preparation, used, memory != nullptr);
  if (whole.undecided.empty()) return std::move(whole.lowered);
  const View& view = *used.view();
  std::vector<Undecided> undecided;
  Merge(undecided, whole.undecided);
  Omission omission;
  Pass rest = whole;
  for (Omission grown = OmissionOf(undecided); grown != omission; grown = OmissionOf(undecided)) {
    omission = grown;
    if (LeavesNothing(organization, omission))
      return Refused(std::move(whole.lowered), rest.lowered, std::move(undecided));
    const auto smaller = std::make_shared<const Organization>(RestOf(view, omission));
    LoweringMemory of_the_rest;
    of_the_rest.LeaveOut(omission);
    rest = LowerOnce(*smaller, observed, assignment, preparation, of_the_rest, false);
    rest.lowered.rest = smaller;
    Merge(undecided, rest.undecided);
  }
  if (!rest.lowered.refusals.empty())
    return Refused(std::move(whole.lowered), rest.lowered, std::move(undecided));
  rest.lowered.situations =
      WithUnknown(whole.lowered.situations, rest.lowered.situations, omission);
  rest.lowered.left_out = PartsOf(std::move(undecided));
  return std::move(rest.lowered);
}

}  // namespace poolshift
