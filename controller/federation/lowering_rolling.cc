// Installing restarts the services of a server. Where a pool goes on hosting meanwhile, the lock of
// the components lets one server go at a time, and here the next one waits until the former answers
// again: so of several servers one always serves (I-19).
#include <algorithm>
#include <map>
#include <optional>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

// By Edge pool (manifest name), what it hosts before, during and after the plan.
std::map<std::string, std::vector<Protocol>> SteadyHosts(const Draft& draft) {
  std::map<std::string, std::vector<Protocol>> hosts;
  for (const Protocol protocol : kProtocols) {
    const Move& move = draft.move(protocol);
    if (move.to != nullptr && move.kind == Move::Kind::kSteady)
      hosts[move.to->name].push_back(protocol);
  }
  return hosts;
}

// Whether enough vantages get an answer now: to wait for more than there was is to wait in vain.
bool IsSeenOpen(const Draft& draft, const std::string& address, Protocol protocol) {
  int open = 0;
  for (const std::string& vantage : draft.view.vantages()) {
    const Value* seen =
        draft.view.observed().Properties(kinds::Reachability(address, Port(protocol)), vantage);
    open += seen != nullptr && seen->StringOr("state", "") == "open" ? 1 : 0;
  }
  return open >= draft.organization.policy.vantages_required;
}

// What answers now; of the rest there is nothing to wait for.
Gate AnswersAgain(const Draft& draft,
                  const EdgeServer& server,
                  const std::vector<Protocol>& protocols) {
  Gate gate;
  gate.timeout = kProbeTimeout;
  gate.vantages_required = draft.organization.policy.vantages_required;
  for (const Protocol protocol : protocols) {
    for (const std::string& address : server.addresses) {
      if (!IsSeenOpen(draft, address, protocol)) continue;
      for (const std::string& vantage : draft.view.vantages()) {
        const ObservationKey key{kinds::Reachability(address, Port(protocol)), vantage};
        gate.expectations.push_back({key, "state", Expectation::Compare::kEquals, "open"});
      }
    }
  }
  return gate;
}

void TakeTurns(Draft& draft, const EdgePool& pool, const std::vector<Protocol>& protocols) {
  const Attribution declares(draft, pool.origin);
  std::optional<Literal> former;  // answers again
  std::vector<const EdgeServer*> turns;
  for (const EdgeServer* server : draft.view.Answering(pool)) {
    const auto installed = draft.installed.find(server->fqdn);
    if (installed != draft.installed.end() && !installed->second.empty()) turns.push_back(server);
  }
  for (const EdgeServer* server : turns) {
    const Conditions& installed = draft.installed.at(server->fqdn);
    if (former.has_value())
      for (const Literal& install : installed)
        draft.Imply("I-19", install, {*former});
    if (server == turns.back()) return;
    Gate gate = AnswersAgain(draft, *server, protocols);
    if (gate.expectations.empty()) continue;
    const VariableIndex variable =
        draft.AddVariable("again " + server->fqdn, {"not seen", "answers"});
    draft.AddGate(variable,
                  {std::string(kinds::kReachability), server->fqdn + "/again"},
                  server->fqdn + " answers again, before the next server of " + pool.name,
                  std::move(gate),
                  installed,
                  {Because("I-19")});
    former = draft.Done(variable);
  }
}

}  // namespace

void LowerRolling(Draft& draft) {
  for (const auto& [name, protocols] : SteadyHosts(draft))
    TakeTurns(draft, draft.organization.edge_pools.at(name), protocols);
}

}  // namespace poolshift
