// Components: where the installed roles differ from what the topology will say, the Deployment
// Wizard's "Run Again" (Bootstrapper) runs on that server, one server of a pool at a time (D11,
// F12, F15).
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

bool IsFormerHost(const Draft& draft, const EdgePool& pool) {
  for (const Protocol protocol : kProtocols) {
    const Move& move = draft.move(protocol);
    if (move.is_planned() && move.from == &pool) return true;
  }
  return false;
}

Value GoalFor(const Draft& draft, const EdgePool& pool) {
  const Move& sip = draft.move(Protocol::kSip);
  const Move& xmpp = draft.move(Protocol::kXmpp);
  const bool federation = sip.to == nullptr
                              ? draft.view.HasFlag(pool, Protocol::kSip).value_or(false)
                              : sip.to == &pool;
  const bool has_xmpp =
      xmpp.to == &pool || draft.view.HasFlag(pool, Protocol::kXmpp).value_or(false);
  const std::string next_hop =
      pool.next_hop.empty() ? draft.view.NextHop(pool).value_or("") : pool.next_hop;
  return Value::Map{{"federation", federation}, {"xmpp", has_xmpp}, {"nextHop", next_hop}};
}

void LowerServer(Draft& draft, const EdgePool& pool, const EdgeServer& server, bool former) {
  const ResourceId id = kinds::EdgeComponents(server.fqdn);
  const Value* seen = draft.view.observed().Properties(id);
  if (seen == nullptr) return;
  const Value goal = GoalFor(draft, pool);
  if (*seen == goal) return;
  const VariableIndex variable =
      draft.AddVariable("EdgeComponents/" + server.fqdn, {"as installed", "as published"});
  Operator step;
  step.action = draft.MakeAction(Verb::kUpdate, id, *seen, goal);
  step.action.title = "install the published roles on " + server.fqdn;
  step.action.duration = absl::Minutes(5);
  step.action.locks = {"pool:" + pool.fqdn};
  step.action.why = {Because(former ? "F15" : "I-14")};
  const bool failover = draft.move(Protocol::kSip).kind == Move::Kind::kFailover;
  step.action.sources = {failover ? "P1 step 5" : former ? "000 step 2g" : "000 step 2f"};
  step.effects = {{variable, 0, 1}};
  draft.Add(std::move(step));
  const Literal done = draft.Done(variable);
  Conditions before = draft.replicated;
  Append(before, draft.replica_up[server.fqdn]);
  draft.Imply("I-14", done, before);
  if (former) draft.Imply("F15", done, draft.settled[Protocol::kSip]);
  draft.installed[server.fqdn].push_back(done);
  for (const Protocol protocol : kProtocols) {
    if (draft.move(protocol).to == &pool) draft.touched.insert(protocol);
  }
}

}  // namespace

void LowerComponents(Draft& draft, bool former_hosts) {
  for (const auto& [name, pool] : draft.organization.edge_pools) {
    if (pool.condition == EdgePool::Condition::kOutOfService) continue;
    if (IsFormerHost(draft, pool) != former_hosts) continue;
    if (!draft.view.HasFlag(pool, Protocol::kSip).has_value()) continue;
    for (const EdgeServer& server : pool.servers)
      LowerServer(draft, pool, server, former_hosts);
  }
}

}  // namespace poolshift
