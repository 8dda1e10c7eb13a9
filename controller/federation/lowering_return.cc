// The way back to pools that were dead: they are seen alive before anything is written (P3.0). What
// is planned behind it supposes that they answer; led to a dead pool, partners would be cut off.
#include <algorithm>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

void Expect(ObservationKey key,
            std::string property,
            Expectation::Compare compare,
            Value value,
            Gate& gate) {
  gate.expectations.push_back({std::move(key), std::move(property), compare, std::move(value)});
}

// Its Access Edge service runs on a replica that holds what is written, and every port that it had
// answers outside vantages; a fence is lifted only later.
void ExpectAlive(const Draft& draft, const EdgePool& pool, const EdgeServer& server, Gate& gate) {
  using Compare = Expectation::Compare;
  const View& view = draft.view;
  // Outside any topology nothing on it could be older than the rest: it is back when what it
  // hosted runs again.
  if (!pool.in_topology()) {
    for (const Protocol protocol : kProtocols) {
      if (!view.hosting().IsDeclaredHost(protocol, pool.name)) continue;
      Expect({kinds::EdgeService(server.fqdn, Role(protocol)), ""},
             "state",
             Compare::kEquals,
             "running",
             gate);
    }
    return;
  }
  Expect({kinds::Replica(server.fqdn), ""}, "watermark", Compare::kAtLeast, view.Watermark(), gate);
  Expect({kinds::EdgeService(server.fqdn, "accessEdge"), ""},
         "state",
         Compare::kEquals,
         "running",
         gate);
  const Value* installed = view.observed().Properties(kinds::EdgeComponents(server.fqdn));
  for (const Protocol protocol : kProtocols) {
    const bool serves = installed != nullptr && installed->BooleanOr(Member(protocol), false);
    if (!serves || view.IsFenced(server, protocol)) continue;
    for (const std::string& address : server.addresses) {
      for (const std::string& vantage : view.vantages())
        Expect({kinds::Reachability(address, Port(protocol)), vantage},
               "state",
               Compare::kEquals,
               "open",
               gate);
    }
  }
}

Literal AddGateOf(Draft& draft, const EdgePool& pool) {
  Gate gate;
  gate.timeout = absl::Hours(12);  // somebody has to bring it up
  gate.interval = absl::Seconds(5);
  gate.vantages_required = draft.organization.policy.vantages_required;
  for (const EdgeServer& server : pool.servers)
    ExpectAlive(draft, pool, server, gate);
  const VariableIndex variable = draft.AddVariable("return of " + pool.name, {"dead", "alive"});
  const int step = draft.AddGate(
      variable,
      {std::string(kinds::kEdgeService), pool.fqdn + "/return"},
      pool.name + (pool.in_topology()
                       ? " lives again: replicas are current, Access Edge runs, its ports answer"
                       : " lives again: its services run"),
      std::move(gate),
      {},
      {Because("P3.0")});
  draft.problem.operators[static_cast<std::size_t>(step)].action.sources = {"P3 step 0"};
  return draft.Done(variable);
}

bool Writes(const Operator& step) { return step.action.verb != Verb::kGate || step.action.human; }

}  // namespace

void WaitForReturn(Draft& draft) {
  const auto& steps = draft.problem.operators;
  const auto& supposed = draft.preparation.supposed_alive;
  if (supposed.empty() || std::none_of(steps.begin(), steps.end(), Writes)) return;
  std::set<VariableIndex> written;
  for (const Operator& step : steps) {
    if (!Writes(step)) continue;
    for (const Effect& effect : step.effects)
      written.insert(effect.variable);
  }
  Conditions alive;
  for (const std::string& name : supposed) {
    const Attribution pool(draft, draft.organization.edge_pools.at(name).condition_origin);
    alive.push_back(AddGateOf(draft, draft.organization.edge_pools.at(name)));
  }
  for (const VariableIndex variable : written)
    draft.Imply("P3.0", draft.Not(Draft::Is(variable, 0)), alive);
}

}  // namespace poolshift
