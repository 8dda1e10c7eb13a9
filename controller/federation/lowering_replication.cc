// Replication: the one gate behind all central store writes (domain.md G1, c.11).
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

// Of Front End servers, the servers of pools that matter, and those that are installed anew; what
// is down is left out by name (domain.md G1).
std::vector<ResourceId> ReplicasToWaitFor(Draft& draft, Conditions& needs) {
  std::vector<ResourceId> replicas;
  std::vector<std::string> left_out;
  const auto add = [&](const std::string& server) {
    const auto rising = draft.replica_up.find(server);
    const bool rises = rising != draft.replica_up.end() && !rising->second.empty();
    ResourceId replica = kinds::Replica(server);
    if (!rises && draft.view.observed().Properties(replica) == nullptr) {
      left_out.push_back(server);
      return;
    }
    if (rises) Append(needs, rising->second);
    replicas.push_back(std::move(replica));
  };
  for (const auto& [name, pool] : draft.organization.front_end_pools) {
    for (const std::string& server : pool.servers)
      add(server);
  }
  const std::set<std::string>& of_interest = draft.memory.pools_of_interest();
  const auto& pools = draft.organization.edge_pools;
  draft.memory.ForEach(LoweringPart::kReplicas, pools, [&](const EdgePool& pool) {
    if (pool.condition == EdgePool::Condition::kOutOfService) return false;
    const bool matters = of_interest.count(pool.name) > 0;
    bool waits = false;
    for (const EdgeServer& server : pool.servers) {
      if (!matters && !MustInstall(draft, pool, server)) continue;
      add(server.fqdn);
      waits = true;
    }
    return waits;
  });
  if (!left_out.empty()) {
    std::string names;
    for (const std::string& server : left_out)
      names += (names.empty() ? "" : ", ") + server;
    draft.warnings.Warning({},
                           "replication does not wait for " + names + ": they cannot be looked at",
                           "their replicas are checked again before they serve");
  }
  return replicas;
}

}  // namespace

void LowerReplication(Draft& draft) {
  if (draft.central_store_writes.empty()) return;
  const Attribution moves(draft, draft.MoveLine());
  const VariableIndex variable = draft.AddVariable("replication", {"behind", "current"});
  Gate gate;
  gate.timeout = draft.organization.policy.replication_timeout;
  gate.interval = absl::Milliseconds(500);
  Conditions needs = draft.central_store_done;
  std::vector<ResourceId> replicas = ReplicasToWaitFor(draft, needs);
  const std::size_t count = replicas.size();
  gate.expectations.reserve(count);
  for (ResourceId& replica : replicas) {
    gate.expectations.push_back(
        {{std::move(replica), ""}, "watermark", Expectation::Compare::kAtLeastProduced, Value()});
  }
  const int step =
      draft.AddGate(variable,
                    {std::string(kinds::kReplica), draft.organization.name},
                    "wait until " + std::to_string(count) + " replicas hold the writes above",
                    std::move(gate),
                    std::move(needs),
                    {Because("I-14")});
  draft.problem.operators[static_cast<std::size_t>(step)].produced_by = draft.central_store_writes;
  draft.problem.operators[static_cast<std::size_t>(step)].action.duration = absl::Minutes(2);
  draft.replicated = {draft.Done(variable)};
  // A proxy that was stopped for the routes starts on a replica that knows them.
  for (const VariableIndex proxy : draft.restarted)
    draft.Imply("I-14", draft.Done(proxy), draft.replicated);
}

}  // namespace poolshift
