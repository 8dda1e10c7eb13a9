// Front End pools: home or served by the backup. Only as declared, never by itself, and only with a
// person's approval (D14, I-22).
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

using ServedBy = FrontEndPool::ServedBy;

// A24 aborts when the pool is the next hop of an Edge pool that hosts something (domain.md g.8).
bool IsNextHopOfHost(const Draft& draft, const FrontEndPool& pool) {
  for (const Protocol protocol : kProtocols) {
    const Move& move = draft.move(protocol);
    if (move.to != nullptr && draft.view.NextHop(*move.to).value_or("") == pool.fqdn) return true;
  }
  return false;
}

// Its Edge pool runs, and where something moved, it was seen from outside.
Conditions EdgeIsUp(Draft& draft, const FrontEndPool& pool) {
  Conditions up = draft.associated[pool.name];
  for (const auto& [name, edge] : draft.organization.edge_pools) {
    const bool local =
        pool.conferencing.empty() ? edge.site == pool.site : pool.conferencing == name;
    if (!local) continue;
    Append(up, ServersUp(draft, edge));
  }
  for (const Protocol protocol : kProtocols)
    Append(up, draft.probed[protocol]);
  return up;
}

void Lower(Draft& draft, const FrontEndPool& pool) {
  const ResourceId id = kinds::PoolFailover(pool.fqdn);
  const Value* seen = draft.view.observed().Properties(id);
  const std::string wanted = pool.served_by == ServedBy::kHome ? "home" : "backup";
  if (seen == nullptr) {
    draft.Refuse("P3",
                 "cannot look at who serves the users of " + pool.fqdn,
                 "mend the provider that serves PoolFailover, then plan again",
                 pool.origin);
    return;
  }
  if (seen->StringOr("servedBy", "") == wanted) return;
  if (wanted == "backup" && IsNextHopOfHost(draft, pool)) {
    draft.Refuse("I-18",
                 pool.fqdn + " is the next hop of a hosting Edge pool and is to be failed over",
                 "commit another `nextHop` for that Edge pool first",
                 pool.origin);
    return;
  }
  const VariableIndex variable = draft.AddVariable(
      "PoolFailover/" + pool.fqdn, {std::string(seen->StringOr("servedBy", "")), wanted});
  Operator step;
  step.action = draft.MakeAction(Verb::kUpdate, id, *seen, Value::Map{{"servedBy", wanted}});
  step.action.title =
      (wanted == "home" ? "fail back the users of " : "fail over the users of ") + pool.name;
  step.action.duration = absl::Minutes(30);  // domain.md c.10: RTO
  step.action.needs_approval = true;
  step.action.why = {Because("P3"), Because("I-22")};
  step.action.sources = {"000 step 5"};
  step.effects = {{variable, 0, 1}};
  draft.Add(std::move(step));
  draft.Imply("P3", draft.Done(variable), EdgeIsUp(draft, pool));
}

}  // namespace

void LowerFrontEndPools(Draft& draft) {
  for (const auto& [name, pool] : draft.organization.front_end_pools) {
    if (pool.served_by != ServedBy::kAsObserved) Lower(draft, pool);
  }
}

}  // namespace poolshift
