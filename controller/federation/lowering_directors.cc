// Directors: a site whose SIP route names a Director is routed through the Edge pool that the
// Director hands federation to, so that association moves with the host (I-4).
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

void MoveDirector(Draft& draft, const Director& director, const EdgePool& edge, const Value& seen) {
  const Attribution declared(draft, director.origin);
  const std::string from(seen.StringOr("edgePool", ""));
  const VariableIndex variable =
      draft.AddVariable("EdgeAssociation/" + director.fqdn, {draft.view.Called(from), edge.name});
  Operator step;
  step.action = draft.MakeAction(Verb::kUpdate,
                                 kinds::EdgeAssociation(director.fqdn),
                                 Value::Map{{"edgePool", from}},
                                 Value::Map{{"edgePool", edge.fqdn}});
  step.action.title =
      "federation through " + director.name + ": " + draft.view.Called(from) + " -> " + edge.name;
  step.action.duration = absl::Seconds(10);
  step.action.modes = {"director"};
  if (draft.organization.policy.enable_after_routes) step.action.modes.emplace_back("closing");
  step.action.why = {Because("I-4")};
  step.action.sources = {"P1 step 6"};
  step.effects = {{variable, 0, 1}};
  draft.central_store_writes.push_back(draft.Add(std::move(step)));
  const Literal done = draft.Done(variable);
  draft.AfterCentralStore(variable);
  if (const auto flag = draft.HasSipFlag(edge.fqdn)) draft.Imply("I-4", done, {*flag});
  if (draft.move(Protocol::kSip).is_planned()) draft.Imply("I-19", done, ServersUp(draft, edge));
  draft.central_store_done.push_back(done);
  draft.routed[Protocol::kSip].push_back(done);
}

}  // namespace

void LowerDirectors(Draft& draft) {
  if (draft.memory.omission().Leaves(Protocol::kSip)) return;  // they carry its routes
  for (const auto& [name, director] : draft.organization.directors) {
    const EdgePool& edge = draft.organization.edge_pools.at(director.edge_pool);
    const Value* seen = draft.view.observed().Properties(kinds::EdgeAssociation(director.fqdn));
    if (seen == nullptr) {
      draft.warnings.Warning(director.origin,
                             "cannot look at the Edge pool that " + name +
                                 " hands federation to; declared is " + edge.name + " (I-4)",
                             "see for yourself: Get-CsService -Director");
    } else if (seen->StringOr("edgePool", "") == edge.fqdn) {
      continue;
    } else if (edge.condition == EdgePool::Condition::kOutOfService) {
      draft.Refuse("I-4",
                   "Director/" + name + " is declared to hand federation to " + edge.name +
                       ", which is out of service",
                   "commit `edgePool:` with a pool in service",
                   director.origin,
                   {LineDemand(edge.name + " is out of service", edge.condition_origin)});
    } else {
      MoveDirector(draft, director, edge, *seen);
    }
  }
}

}  // namespace poolshift
