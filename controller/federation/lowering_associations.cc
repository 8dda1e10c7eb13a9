// Edge associations of Front End pools: three services, one action, after every server of the pool
// was seen to reach the Edge pool (domain.md c.7). Federation is done before, because a media path
// that does not open stops the run; a gate of their own waits for the replicas (F17).
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

class AssociationLowering {
 public:
  explicit AssociationLowering(Draft& draft) : draft_(draft), view_(draft.view) {}

  void Run(const FrontEndPool& pool) {
    if (pool.conferencing.empty()) return;
    const Attribution declared(draft_, pool.conferencing_origin);
    const EdgePool& edge = draft_.organization.edge_pools.at(pool.conferencing);
    const Value* seen = view_.observed().Properties(kinds::EdgeAssociation(pool.fqdn));
    if (seen == nullptr) {
      draft_.undecided.push_back(UndecidedPart("conferencing of " + pool.name, Unseen(pool, edge)));
      return;
    }
    const bool consistent = seen->BooleanOr("consistent", true);
    const std::string former(seen->StringOr("edgePool", ""));
    if (former == edge.fqdn && consistent) return;
    if (edge.condition == EdgePool::Condition::kOutOfService) {
      draft_.Refuse(
          "I-6",
          "FrontEndPool/" + pool.name + " is declared to use " + edge.name +
              ", which is out of service",
          "commit `conferencing: <another Edge pool>`, or `standIn` in EdgePool/" + edge.name,
          pool.conferencing_origin,
          {LineDemand(edge.name + " is out of service", edge.condition_origin)});
      return;
    }
    const std::vector<std::string> servers = ServersToAsk(pool);
    const std::vector<std::string> targets = ServersToReach(pool, edge);
    if (servers.empty() || targets.empty()) return;
    const Literal media = AddMediaGate(pool, servers, edge, targets);
    const VariableIndex variable =
        draft_.AddVariable("EdgeAssociation/" + pool.fqdn, {view_.Called(former), edge.name});
    Operator step;
    Value before = Value::Map{{"edgePool", former}}, after = Value::Map{{"edgePool", edge.fqdn}};
    // The pool that one of them uses tells nothing of the others.
    if (!consistent) before.Set("consistent", false);
    if (!consistent) after.Set("consistent", true);
    step.action = draft_.MakeAction(
        Verb::kUpdate, kinds::EdgeAssociation(pool.fqdn), std::move(before), std::move(after));
    step.action.title = "conferencing of " + pool.name + ": " +
                        (consistent ? view_.Called(former) : "services that disagree") + " -> " +
                        edge.name + (pool.conferencing_is_temporary ? " (temporary)" : "");
    step.action.duration = absl::Seconds(30);
    if (draft_.organization.policy.enable_after_routes) step.action.modes = {"closing"};
    step.action.why = {Because("I-6"), Because("F17")};
    step.action.sources = {pool.conferencing_is_temporary || edge.site != pool.site ? "001 step 4"
                                                                                    : "000 step 4"};
    step.effects = {{variable, 0, 1}};
    writes_.push_back(draft_.Add(std::move(step)));
    if (line_.line == 0) line_ = pool.conferencing_origin;
    draft_.AfterCentralStore(variable);
    draft_.Imply("I-7", draft_.Done(variable), {media});
    draft_.associated[pool.name].push_back(draft_.Done(variable));
    done_.push_back(draft_.Done(variable));
    replicas_.insert(replicas_.end(), servers.begin(), servers.end());
  }

  // One gate for all of them, behind everything else.
  void WaitForReplicas() {
    if (writes_.empty()) return;
    const Attribution declared(draft_, line_);
    const VariableIndex variable = draft_.AddVariable("associations", {"behind", "current"});
    Gate gate;
    gate.timeout = draft_.organization.policy.replication_timeout;
    for (const std::string& server : replicas_) {
      gate.expectations.push_back({{kinds::Replica(server), ""},
                                   "watermark",
                                   Expectation::Compare::kAtLeastProduced,
                                   Value()});
    }
    const int step =
        draft_.AddGate(variable,
                       {std::string(kinds::kReplica), draft_.organization.name + "/conferencing"},
                       "wait until " + std::to_string(replicas_.size()) +
                           (replicas_.size() == 1 ? " replica holds" : " replicas hold") +
                           " where conferencing goes",
                       std::move(gate),
                       done_,
                       {Because("F17")});
    Operator& added = draft_.problem.operators[static_cast<std::size_t>(step)];
    added.produced_by = writes_;
    added.action.duration = absl::Minutes(2);
  }

 private:
  Refusal Unseen(const FrontEndPool& pool, const EdgePool& edge) const {
    return RefusalBy(
        "I-6",
        CannotLook(kinds::EdgeAssociation(pool.fqdn), view_.observed(), draft_.assignment),
        "mend the provider's way to it, then plan again",
        pool.origin,
        {LineDemand("the conferencing of " + pool.name + " is on " + edge.name,
                    pool.conferencing_origin)});
  }

  // A Front End server that is down reaches nothing, and must not hold a failover up: it is left
  // out by name. With none left there is nobody to see the media path, so the association stays.
  std::vector<std::string> ServersToAsk(const FrontEndPool& pool) {
    std::vector<std::string> servers;
    std::string left_out;
    for (const std::string& server : pool.servers) {
      if (view_.observed().Properties(kinds::Replica(server)) != nullptr) {
        servers.push_back(server);
      } else {
        left_out += (left_out.empty() ? "" : ", ") + server;
      }
    }
    if (servers.empty()) {
      draft_.warnings.Warning(pool.origin,
                              "no server of " + pool.name + " can be looked at (" + left_out +
                                  "): its conferencing is left as it is",
                              "plan again when one is up");
    } else if (!left_out.empty()) {
      draft_.warnings.Warning(pool.origin,
                              "whether " + left_out +
                                  " reaches the Edge servers is not looked at: "
                                  "it cannot be asked (I-7)",
                              "look again when it is up");
    }
    return servers;
  }

  // An Edge server that is down relays nothing; the others of its pool do.
  std::vector<std::string> ServersToReach(const FrontEndPool& pool, const EdgePool& edge) {
    std::vector<std::string> targets;
    std::string left_out;
    for (const EdgeServer& server : edge.servers) {
      if (view_.IsRunning(server.fqdn, "avRelay").has_value()) {
        targets.push_back(server.fqdn);
      } else {
        left_out += (left_out.empty() ? "" : ", ") + server.fqdn;
      }
    }
    if (targets.empty()) {
      draft_.warnings.Warning(edge.origin,
                              "no server of " + edge.name + " can be looked at (" + left_out +
                                  "): the conferencing of " + pool.name + " is left as it is (I-6)",
                              "bring one up, or commit `conferencing:` with another Edge pool");
    } else if (!left_out.empty()) {
      draft_.warnings.Warning(edge.origin,
                              edge.name + " is half dead: whether " + pool.name + " reaches " +
                                  left_out + " is not looked at (I-7)",
                              "conferences that are sent to it fail until it is up");
    }
    return targets;
  }

  // Every server of the Front End pool reaches every server of the Edge pool (domain.md c.7).
  Literal AddMediaGate(const FrontEndPool& pool,
                       const std::vector<std::string>& servers,
                       const EdgePool& edge,
                       const std::vector<std::string>& targets) {
    constexpr int kInternalPorts[] = {443, 5061, 5062, 8057};  // domain.md §b.6: I1, I3, I4, I5
    const VariableIndex variable =
        draft_.AddVariable("media " + pool.name + " -> " + edge.name, {"not seen", "reachable"});
    Gate gate;
    gate.timeout = absl::Minutes(2);
    Conditions needs = AfterFederation(draft_);
    for (const std::string& target : targets) {
      Append(needs, draft_.server_up[target]);
      for (const std::string& vantage : servers) {
        for (const int port : kInternalPorts) {
          gate.expectations.push_back({{kinds::Reachability(target, port), vantage},
                                       "state",
                                       Expectation::Compare::kEquals,
                                       "open"});
        }
      }
    }
    const int step = draft_.AddGate(
        variable,
        {std::string(kinds::kReachability), edge.fqdn + "/media"},
        "the servers of " + pool.name + " reach " + edge.name + " on the internal ports",
        std::move(gate),
        std::move(needs),
        {Because("I-7"), Because("F17")});
    draft_.problem.operators[static_cast<std::size_t>(step)].action.sources = {"P5 reach"};
    return draft_.Done(variable);
  }

  Draft& draft_;
  const View& view_;
  std::vector<int> writes_;  // operators
  Origin line_;              // of the first
  Conditions done_;
  std::vector<std::string> replicas_;  // servers
};

}  // namespace

void LowerAssociations(Draft& draft) {
  AssociationLowering associations(draft);
  draft.ForEach(LoweringPart::kAssociations,
                draft.organization.front_end_pools,
                [&](const FrontEndPool& pool) { associations.Run(pool); });
  associations.WaitForReplicas();
}

}  // namespace poolshift
