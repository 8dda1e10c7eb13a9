// Certificates (I-13): whoever a record will lead to covers the names that it is asked for, hosts
// and standbys alike, and is not expired.
#include <algorithm>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

// Who must answer for which names, and what asks for it.
using NamesByPool = std::map<std::string, std::map<std::string, Demand>>;

void AddHosts(const Draft& draft, NamesByPool& needed) {
  for (const Protocol protocol : kProtocols) {
    const Move& move = draft.move(protocol);
    if (!move.is_move() || draft.view.IsSilent(*move.to)) continue;
    std::map<std::string, Demand>& names = needed[move.to->name];
    const Demand host = HostDemand(draft.organization, protocol);
    for (const auto& [name, domain] : draft.organization.domains) {
      if (protocol == Protocol::kSip && domain.sip.has_value())
        names.emplace(PoolNameIn(*move.to, name), host);
      if (protocol == Protocol::kXmpp && domain.xmpp.has_value()) names.emplace(name, host);
    }
  }
}

// Standbys that a record names for the first time (D7).
void AddStandbys(const Draft& draft, NamesByPool& needed) {
  for (const RecordGoal& goal : RecordGoals(draft.organization, draft.view.observed())) {
    if (goal.protocol != Protocol::kXmpp) continue;
    for (const std::string& pool : goal.leads_to) {
      if (!LeadsAnew(goal, draft.organization, draft.view.observed(), pool)) continue;
      needed[pool].emplace(goal.domain,
                           LineDemand(pool + " stands in the order of " + goal.domain,
                                      draft.DomainLine(goal.domain, Protocol::kXmpp)));
    }
  }
}

void CheckExpiry(Draft& draft,
                 const EdgePool& pool,
                 const EdgeServer& server,
                 const Observation& seen,
                 const Demand& wanted) {
  absl::Time end;
  std::string fault;
  const std::string text(seen.properties.StringOr("notAfter", ""));
  if (!absl::ParseTime(absl::RFC3339_full, text, &end, &fault) || seen.at < end) return;
  draft.Refuse("I-13",
               "the certificate of " + server.fqdn + " has expired (" + text + ")",
               "request one, assign it, then plan again",
               pool.origin,
               {wanted});
}

void CheckServer(Draft& draft,
                 const EdgePool& pool,
                 const EdgeServer& server,
                 const std::map<std::string, Demand>& needed) {
  const Observation* seen =
      draft.view.observed().Find(kinds::Certificate(server.fqdn, "accessEdgeExternal"));
  const Value* names = seen == nullptr ? nullptr : seen->properties.Find("names");
  if (names == nullptr) {
    draft.warnings.Warning({},
                           "cannot look at the certificate of " + server.fqdn + " (I-13)",
                           "see that it covers every federated domain");
    return;
  }
  for (const auto& [name, wanted] : needed) {
    if (std::count(names->list().begin(), names->list().end(), Value(name)) > 0) continue;
    draft.Refuse("I-13",
                 "the certificate of " + server.fqdn + " does not cover " + name,
                 "request one with that name, assign it, then plan again",
                 pool.origin,
                 {wanted});
  }
  if (!needed.empty()) CheckExpiry(draft, pool, server, *seen, needed.begin()->second);
}

}  // namespace

void CheckCertificates(Draft& draft) {
  NamesByPool needed;
  AddHosts(draft, needed);
  AddStandbys(draft, needed);
  for (const auto& [name, names] : needed) {
    const EdgePool& pool = draft.organization.edge_pools.at(name);
    for (const EdgeServer* server : draft.view.Answering(pool))
      CheckServer(draft, pool, *server, names);
  }
}

}  // namespace poolshift
