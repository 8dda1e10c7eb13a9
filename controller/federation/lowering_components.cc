// Components: where the installed roles differ from what the topology will say, the Deployment
// Wizard's "Run Again" (Bootstrapper) runs on that server, one server of a pool at a time (D11,
// F12, F15).
#include "controller/federation/hosting.h"
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

Value GoalFor(const Draft& draft, const EdgePool& pool) {
  const Move& sip = draft.move(Protocol::kSip);
  const bool federation = sip.to == nullptr
                              ? draft.view.HasFlag(pool, Protocol::kSip).value_or(false)
                              : sip.to == &pool;
  const bool has_xmpp = draft.view.hosting().ServesXmpp(pool) ||
                        draft.view.HasFlag(pool, Protocol::kXmpp).value_or(false);
  return Value::Map{
      {"federation", federation}, {"xmpp", has_xmpp}, {"nextHop", draft.view.WantedNextHop(pool)}};
}

bool IsHost(const Draft& draft, const EdgePool& pool) {
  return draft.move(Protocol::kSip).to == &pool || draft.move(Protocol::kXmpp).to == &pool;
}

// The protocols that the pool is to host and whose role is not as it will be published; where that
// is so of none, the next hop is another, and they all depend on it.
std::vector<Protocol> WaitingForRoles(const Draft& draft,
                                      const EdgePool& pool,
                                      const Value& installed) {
  const Value goal = GoalFor(draft, pool);
  std::vector<Protocol> hosted, waiting;
  bool roles = false;
  for (const Protocol protocol : kProtocols) {
    const bool differs =
        installed.BooleanOr(Member(protocol), false) != goal.BooleanOr(Member(protocol), false);
    roles = roles || differs;
    if (draft.move(protocol).to != &pool) continue;
    hosted.push_back(protocol);
    if (differs) waiting.push_back(protocol);
  }
  return roles ? waiting : hosted;
}

// The wizard installs what the local replica says, so nobody runs it where that cannot be seen.
// Only what a host waits for is left out with it: another pool's trouble must not stand in a
// failover's way.
bool CanSeeReplica(Draft& draft, const EdgePool& pool, const EdgeServer& server) {
  if (CanTellCurrency(draft, server)) return true;
  const Value& installed = *draft.view.observed().Properties(kinds::EdgeComponents(server.fqdn));
  const std::string text = "cannot look at the replica of " + server.fqdn;
  const std::vector<Protocol> waiting = WaitingForRoles(draft, pool, installed);
  for (const Protocol protocol : waiting) {
    draft.undecided.push_back(
        UndecidedHosting(protocol,
                         RefusalBy("I-14",
                                   text + ", whose roles must be installed anew",
                                   "see that its REPLICA service runs, then plan again",
                                   pool.origin,
                                   {HostDemand(draft.organization, protocol)})));
  }
  if (waiting.empty()) {
    draft.warnings.Warning(pool.origin,
                           text + ", whose roles must be installed anew: left as it is (I-14)",
                           "plan again when it is up");
  }
  return false;
}

// The wizard installs the roles of both protocols. Where it would change one that is left out, it
// does not run, and what waits for it is left out too; where nothing does, it is said.
bool ChangesWhatIsLeftOut(Draft& draft, const EdgePool& pool, const EdgeServer& server) {
  const Value& installed = *draft.view.observed().Properties(kinds::EdgeComponents(server.fqdn));
  const Value goal = GoalFor(draft, pool);
  const Omission& omission = draft.memory.omission();
  for (const Protocol left : omission.protocols) {
    if (installed.BooleanOr(Member(left), false) == goal.BooleanOr(Member(left), false)) continue;
    const std::string text = "cannot look at all that " + std::string(Title(left)) +
                             " needs, and the roles of " + server.fqdn +
                             " are installed of both protocols at once";
    const std::vector<Protocol> waiting = WaitingForRoles(draft, pool, installed);
    for (const Protocol protocol : waiting) {
      draft.undecided.push_back(
          UndecidedHosting(protocol,
                           RefusalBy("I-14",
                                     text,
                                     "mend what that one needs, then plan again",
                                     pool.origin,
                                     {HostDemand(draft.organization, protocol)})));
    }
    if (waiting.empty())
      draft.warnings.Warning(pool.origin,
                             text + ": left as they are (I-14)",
                             "mend what that one needs, then plan again");
    return true;
  }
  return false;
}

void LowerServer(Draft& draft, const EdgePool& pool, const EdgeServer& server) {
  if (!MustInstall(draft, pool, server) || ChangesWhatIsLeftOut(draft, pool, server) ||
      !CanSeeReplica(draft, pool, server))
    return;
  const Attribution declares(draft, IsHost(draft, pool) ? draft.MoveLine() : pool.origin);
  const bool former = IsFormerSipHost(draft, pool);
  const ResourceId id = kinds::EdgeComponents(server.fqdn);
  const Value* seen = draft.view.observed().Properties(id);
  const Value goal = GoalFor(draft, pool);
  const VariableIndex variable =
      draft.AddVariable("EdgeComponents/" + server.fqdn, {"as installed", "as published"});
  Operator step;
  step.action = draft.MakeAction(Verb::kUpdate, id, *seen, goal);
  step.action.title = "install the published roles on " + server.fqdn;
  step.action.duration = absl::Minutes(5);
  step.action.locks = {"pool:" + pool.fqdn};
  step.action.why = {Because(former ? "F15" : "I-14")};
  if (draft.before_routes.contains(server.fqdn)) step.action.why.push_back(Because("D2"));
  const bool failback = draft.move(Protocol::kSip).kind == Move::Kind::kFailback;
  step.action.sources = {!failback ? "P1 step 5" : former ? "000 step 2g" : "000 step 2f"};
  step.effects = {{variable, 0, 1}};
  draft.Add(std::move(step));
  const Literal done = draft.Done(variable);
  draft.Imply("I-14", done, ReplicaHoldsIt(draft, server));
  if (former) draft.late_installs.push_back(done);
  draft.installed[server.fqdn].push_back(done);
  for (const Protocol protocol : kProtocols) {
    if (draft.move(protocol).to == &pool) draft.touched.insert(protocol);
  }
}

}  // namespace

bool IsFormerSipHost(const Draft& draft, const EdgePool& pool) {
  const Move& sip = draft.move(Protocol::kSip);
  return sip.is_planned() && sip.to != &pool &&
         draft.view.HasFlag(pool, Protocol::kSip).value_or(false);
}

Conditions ReplicaHoldsIt(Draft& draft, const EdgeServer& server) {
  const auto first = draft.before_routes.find(server.fqdn);
  if (first != draft.before_routes.end()) return first->second;
  Conditions holds = draft.replicated;
  Append(holds, draft.replica_up[server.fqdn]);
  if (!holds.empty() || draft.view.IsCurrent(server.fqdn).value_or(false)) return holds;
  return {AddReplicaGate(draft, server.fqdn, "I-14")};
}

bool MustInstall(const Draft& draft, const EdgePool& pool, const EdgeServer& server) {
  if (!draft.view.HasFlag(pool, Protocol::kSip).has_value()) return false;
  const Value* seen = draft.view.observed().Properties(kinds::EdgeComponents(server.fqdn));
  return seen != nullptr && *seen != GoalFor(draft, pool);
}

void LowerComponents(Draft& draft) {
  const auto& pools = draft.organization.edge_pools;
  draft.ForEach(LoweringPart::kComponents, pools, [&](const EdgePool& pool) {
    if (pool.condition == EdgePool::Condition::kOutOfService) return;
    for (const EdgeServer& server : pool.servers)
      LowerServer(draft, pool, server);
  });
}

}  // namespace poolshift
