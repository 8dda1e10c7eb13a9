// Edge associations of Front End pools: three services, one action, after every server of the pool
// was seen to reach the Edge pool (domain.md c.7).
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

class AssociationLowering {
 public:
  explicit AssociationLowering(Draft& draft) : draft_(draft), view_(draft.view) {}

  void Run(const FrontEndPool& pool) {
    if (pool.conferencing.empty()) return;
    const EdgePool& edge = draft_.organization.edge_pools.at(pool.conferencing);
    const Value* seen = view_.observed().Properties(kinds::EdgeAssociation(pool.fqdn));
    if (seen == nullptr) {
      draft_.Refuse("I-6",
                    "cannot look at the Edge association of " + pool.fqdn,
                    "mend the provider that serves EdgeAssociation, then plan again",
                    pool.origin);
      return;
    }
    const bool consistent = seen->BooleanOr("consistent", true);
    if (seen->StringOr("edgePool", "") == edge.fqdn && consistent) return;
    if (edge.condition == EdgePool::Condition::kOutOfService) {
      draft_.Refuse(
          "I-6",
          "FrontEndPool/" + pool.name + " is declared to use " + edge.name +
              ", which is out of service",
          "commit `conferencing: <another Edge pool>`, or `standIn` in EdgePool/" + edge.name,
          pool.conferencing_origin);
      return;
    }
    const std::vector<std::string> servers = ServersToAsk(pool);
    if (servers.empty()) return;
    const Literal media = AddMediaGate(pool, servers, edge);
    const VariableIndex variable = draft_.AddVariable(
        "EdgeAssociation/" + pool.fqdn, {view_.Called(seen->StringOr("edgePool", "")), edge.name});
    Operator step;
    step.action =
        draft_.MakeAction(Verb::kUpdate,
                          kinds::EdgeAssociation(pool.fqdn),
                          Value::Map{{"edgePool", std::string(seen->StringOr("edgePool", ""))}},
                          Value::Map{{"edgePool", edge.fqdn}});
    step.action.title = "conferencing of " + pool.name + ": " +
                        view_.Called(seen->StringOr("edgePool", "")) + " -> " + edge.name +
                        (pool.conferencing_is_temporary ? " (temporary)" : "");
    step.action.duration = absl::Seconds(30);
    step.action.why = {Because("I-6")};
    step.action.sources = {pool.conferencing_is_temporary || edge.site != pool.site ? "001 step 4"
                                                                                    : "000 step 4"};
    step.effects = {{variable, 0, 1}};
    draft_.central_store_writes.push_back(draft_.Add(std::move(step)));
    draft_.Imply("I-7", draft_.Done(variable), {media});
    draft_.central_store_done.push_back(draft_.Done(variable));
    draft_.associated[pool.name].push_back(draft_.Done(variable));
    if (draft_.is_documented())
      draft_.Imply("000", draft_.Done(variable), draft_.routed[Protocol::kXmpp]);
  }

 private:
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

  // Every server of the Front End pool reaches every server of the Edge pool (domain.md c.7).
  Literal AddMediaGate(const FrontEndPool& pool,
                       const std::vector<std::string>& servers,
                       const EdgePool& edge) {
    constexpr int kInternalPorts[] = {443, 5061, 5062, 8057};  // domain.md §b.6: I1, I3, I4, I5
    const VariableIndex variable =
        draft_.AddVariable("media " + pool.name + " -> " + edge.name, {"not seen", "reachable"});
    Gate gate;
    gate.timeout = absl::Minutes(2);
    Conditions needs;
    for (const EdgeServer* answering : view_.Answering(edge)) {
      const EdgeServer& server = *answering;
      Append(needs, draft_.server_up[server.fqdn]);
      for (const std::string& vantage : servers) {
        for (const int port : kInternalPorts) {
          gate.expectations.push_back({{kinds::Reachability(server.fqdn, port), vantage},
                                       "state",
                                       Expectation::Compare::kEquals,
                                       "open"});
        }
      }
    }
    draft_.AddGate(variable,
                   {std::string(kinds::kReachability), edge.fqdn + "/media"},
                   "the servers of " + pool.name + " reach " + edge.name + " on the internal ports",
                   std::move(gate),
                   std::move(needs),
                   {Because("I-7")});
    return draft_.Done(variable);
  }

  Draft& draft_;
  const View& view_;
};

}  // namespace

void LowerAssociations(Draft& draft) {
  for (const auto& [name, pool] : draft.organization.front_end_pools)
    AssociationLowering(draft).Run(pool);
}

}  // namespace poolshift
