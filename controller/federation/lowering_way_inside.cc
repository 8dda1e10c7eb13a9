// The way inside: a SIP edge that listens and has nobody to hand calls to takes them and loses
// them. Before a record leads to it, one of its servers says that somebody inside lives (k.5).
#include <algorithm>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"
#include "controller/federation/way_inside.h"

namespace poolshift {
namespace {

// Of the pool, in its order: those whose platform can tell.
std::vector<std::string> ServersThatTell(const Draft& draft, const EdgePool& pool) {
  std::vector<std::string> servers;
  for (const EdgeServer& server : pool.servers) {
    if (WayInsideOf(draft.view, server.fqdn) != WayInside::kNotTold) servers.push_back(server.fqdn);
  }
  return servers;
}

}  // namespace

void SayNoWayInside(const Draft& draft, const EdgePool& pool, Diagnostics& warnings) {
  const std::vector<std::string> servers = ServersThatTell(draft, pool);
  const bool none = std::all_of(servers.begin(), servers.end(), [&](const std::string& server) {
    return WayInsideOf(draft.view, server) == WayInside::kNone;
  });
  if (servers.empty() || !none) return;
  warnings.Note(pool.origin,
                pool.name + " has no way inside now, and records wait for one: " + servers.front() +
                    RemarkOnInside(draft.view, servers.front()),
                "see what its servers take for dead (of Kamailio: `kamcmd dispatcher.list`), and "
                "why that does not answer");
}

void LowerWayInside(Draft& draft) {
  const Move& move = draft.move(Protocol::kSip);
  const auto probed = draft.probed.find(Protocol::kSip);
  if (move.to == nullptr || probed == draft.probed.end() || probed->second.empty()) return;
  Gate gate;
  gate.consecutive = draft.organization.policy.probes;
  gate.evidence = kProbeCounts;
  gate.quorum = 1;  // a pool of which one server lost its way serves; drift names that one
  for (const std::string& server : ServersThatTell(draft, *move.to)) {
    gate.expectations.push_back({{kinds::EdgeService(server, Role(Protocol::kSip)), ""},
                                 "waysInside",
                                 Expectation::Compare::kAtLeast,
                                 std::int64_t{1}});
  }
  if (gate.expectations.empty()) return;
  SayNoWayInside(draft, *move.to, draft.warnings);
  const Attribution host(draft, HostLine(draft.organization, Protocol::kSip));
  const VariableIndex variable =
      draft.AddVariable("way inside " + move.to->name, {"not seen", "reached"});
  draft.AddGate(variable,
                {std::string(kinds::kEdgeService), move.to->fqdn + "/inside"},
                "a server of " + move.to->name + " has a way inside for what partners send",
                std::move(gate),
                ServersUp(draft, *move.to),
                {Because("k.5")});
  probed->second.push_back(draft.Done(variable));
}

}  // namespace poolshift
