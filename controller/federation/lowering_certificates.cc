// Certificates (I-13): whoever a record will lead to covers the names that it is asked for, hosts
// and standbys alike, does not end while the plan may still be under way, and on Lync is the same
// on every server of the pool.
#include <algorithm>
#include <map>

#include "controller/federation/certificates.h"
#include "controller/federation/lowering_parts.h"
#include "controller/federation/roles.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

// Who must answer for which names, and what asks for it; null: the order of the domain does.
using Names = std::map<std::string, const Demand*>;
using NamesByPool = std::map<std::pair<std::string, std::string_view>, Names>;  // pool, use

void AddHost(const Draft& draft, const Move& move, const Demand& host, NamesByPool& needed) {
  if (!move.is_move() || draft.view.IsSilent(*move.to)) return;
  Names& names = needed[{move.to->name, CertificateUse(*move.to, move.protocol)}];
  for (const auto& [name, domain] : draft.organization.domains) {
    if (move.protocol == Protocol::kSip && domain.sip.has_value())
      names.emplace(PoolNameIn(*move.to, name), &host);
    if (move.protocol == Protocol::kXmpp && domain.xmpp.has_value()) names.emplace(name, &host);
  }
}

// Standbys that a record names for the first time (D7).
void AddStandbys(const Draft& draft, NamesByPool& needed) {
  for (const auto& [name, domains] : draft.memory.led_anew()) {
    const EdgePool& pool = draft.organization.edge_pools.at(name);
    for (const std::string& domain : domains)
      needed[{name, CertificateUse(pool, Protocol::kXmpp)}].emplace(domain, nullptr);
  }
}

// One name that a pool must answer for.
struct Need {
  const std::string& pool;
  const std::string& name;
  const Demand* wanted;
};

Demand DemandOf(const Draft& draft, const Need& need) {
  if (need.wanted != nullptr) return *need.wanted;
  return LineDemand(need.pool + " stands in the order of " + need.name,
                    draft.DomainLine(need.name, Protocol::kXmpp));
}

// As long as a plan may take whose steps people take: each has half a day (Draft::AddTask), and
// TTLs are waited for.
constexpr absl::Duration kPlanHorizon = absl::Hours(24);

// A dead host is better replaced by one that serves for some hours than by none, and where
// certificates are renewed each day there is never one that lasts longer.
bool IsTooShort(const Draft& draft, const EdgePool& to) {
  const auto leads_there = [&](Move::Kind kind) {
    return std::any_of(std::begin(kProtocols), std::end(kProtocols), [&](Protocol protocol) {
      return draft.move(protocol).to == &to && draft.move(protocol).kind == kind;
    });
  };
  return to.in_topology() && !leads_there(Move::Kind::kFailover) &&
         (leads_there(Move::Kind::kPlanned) || leads_there(Move::Kind::kFailback));
}

void CheckExpiry(Draft& draft,
                 const EdgePool& pool,
                 const EdgeServer& server,
                 const Observation& seen,
                 const Need& need) {
  absl::Time end;
  std::string fault;
  const std::string text(seen.properties.StringOr("notAfter", ""));
  if (!absl::ParseTime(absl::RFC3339_full, text, &end, &fault) || seen.at + kPlanHorizon < end)
    return;
  const bool expired = seen.at >= end;
  const std::string what = "the certificate of " + server.fqdn +
                           (expired ? " has expired (" : " ends within a day (") + text + ")";
  if (!expired && !IsTooShort(draft, pool)) {
    draft.warnings.Warning(pool.origin, what + " (I-13)", "request one and assign it at once");
    return;
  }
  draft.Refuse("I-13",
               what,
               "request one, assign it, then plan again",
               pool.origin,
               {DemandOf(draft, need)});
}

// One certificate is assigned to the whole pool: clients that come to another of its servers, and
// the servers among themselves, go by it. Not so outside a topology.
void CheckSameness(Draft& draft, const EdgePool& pool, std::string_view use) {
  const std::string differing = DifferingCertificates(draft.view, pool, use);
  if (differing.empty()) return;
  draft.warnings.Warning(
      pool.origin,
      "the servers of " + pool.name + " show different certificates: " + differing + " (I-13)",
      "import one certificate with its key on all of them, and assign it");
}

std::vector<std::string_view> Sorted(const Value::List& list) {
  std::vector<std::string_view> names;
  names.reserve(list.size());
  for (const Value& name : list)
    names.push_back(name.is_string() ? std::string_view(name.string()) : "");
  if (!std::is_sorted(names.begin(), names.end())) std::sort(names.begin(), names.end());
  return names;
}

void CheckServer(Draft& draft,
                 const EdgePool& pool,
                 const EdgeServer& server,
                 std::string_view use,
                 const Names& needed) {
  const Observation* seen = draft.view.observed().Find(kinds::Certificate(server.fqdn, use));
  const Value* names = seen == nullptr ? nullptr : seen->properties.Find("names");
  if (names == nullptr) {
    draft.warnings.Warning({},
                           "cannot look at the certificate of " + server.fqdn + " (I-13)",
                           "see that it covers every federated domain");
    return;
  }
  const std::vector<std::string_view> covered = Sorted(names->list());
  auto next = covered.begin();  // both are in order: a certificate may have thousands of names
  for (const auto& [name, wanted] : needed) {
    while (next != covered.end() && *next < name)
      ++next;
    if (next != covered.end() && *next == name) continue;
    draft.Refuse("I-13",
                 "the certificate of " + server.fqdn + " does not cover " + name,
                 "request one with that name, assign it, then plan again",
                 pool.origin,
                 {DemandOf(draft, {pool.name, name, wanted})});
  }
  if (needed.empty()) return;
  const auto& [name, wanted] = *needed.begin();
  CheckExpiry(draft, pool, server, *seen, {pool.name, name, wanted});
}

}  // namespace

void CheckCertificates(Draft& draft) {
  NamesByPool needed;
  std::vector<Demand> hosts;  // by protocol
  for (const Protocol protocol : kProtocols)
    hosts.push_back(HostDemand(draft.organization, protocol));
  for (const Protocol protocol : kProtocols)
    AddHost(draft, draft.move(protocol), hosts[static_cast<std::size_t>(protocol)], needed);
  AddStandbys(draft, needed);
  for (const auto& [certificate, names] : needed) {
    const EdgePool& pool = draft.organization.edge_pools.at(certificate.first);
    for (const EdgeServer* server : draft.view.Answering(pool))
      CheckServer(draft, pool, *server, certificate.second, names);
    CheckSameness(draft, pool, certificate.second);
  }
}

}  // namespace poolshift
