// What the central store says: flags, next hops, routes, associations, who serves users.
#include <algorithm>

#include "controller/diff/comparison.h"

namespace poolshift {
namespace {

using Impact = Difference::Impact;

void CompareCentralStore(Comparison& comparison) {
  const Organization& declared = comparison.declared;
  const ResourceId id = kinds::CentralStore(declared.name);
  const Value* seen = comparison.observed.Properties(id);
  if (seen == nullptr || seen->BooleanOr("alive", true)) return;
  comparison.Add({id,
                  "",
                  "alive",
                  true,
                  false,
                  Impact::kRedundancy,
                  "the central store is dead: nothing can be moved until it is failed over",
                  "I-17",
                  declared.origin});
}

void CompareEnablement(Comparison& comparison) {
  if (!comparison.view.AwaitsEnabling()) return;
  const ResourceId id = kinds::Enablement(comparison.declared.name);
  const Value& seen = *comparison.observed.Properties(id);
  const bool document = seen.StringOr("waiting", "") == "document";
  comparison.Add({id,
                  "",
                  "enabled",
                  true,
                  false,
                  Impact::kTraffic,
                  std::string(document ? "the topology is published" : "routes are written") +
                      " but not enabled: it takes no effect yet",
                  "I-15",
                  comparison.declared.origin});
}

void CompareFlags(Comparison& comparison, Protocol protocol) {
  const Organization& declared = comparison.declared;
  const ResourceId id = kinds::Topology(declared.name);
  const bool is_sip = protocol == Protocol::kSip;
  const Hosting& hosting = comparison.view.hosting();
  if (!hosting.IsRouted(protocol)) return;
  // Which of several declared SIP hosts has the one flag is not declared (D4).
  if (is_sip && declared.federation_host().empty()) return;
  for (const auto& [name, pool] : declared.edge_pools) {
    const bool wanted = is_sip ? hosting.IsDeclaredHost(protocol, name) : hosting.ServesXmpp(pool);
    if (!wanted && !is_sip) continue;  // D1: XMPP flags may overlap
    if (!comparison.CanSee(id, "I-1", declared.origin)) return;
    const bool flagged = comparison.view.HasFlag(pool, protocol).value_or(false);
    if (flagged == wanted) continue;
    comparison.Add(
        {id,
         "",
         pool.fqdn + '.' + std::string(Member(protocol)),
         wanted,
         flagged,
         hosting.IsDeclaredHost(protocol, name) || flagged ? Impact::kTraffic : Impact::kRedundancy,
         "the " + std::string(Title(protocol)) + " flag of " + name + " is " +
             (flagged ? "on" : "off") + ", declared is " + (wanted ? "on" : "off"),
         is_sip ? "I-1" : "I-4",
         pool.origin});
  }
}

void CompareNextHop(Comparison& comparison, const EdgePool& pool) {
  const auto observed = comparison.view.NextHop(pool);
  const std::string wanted = comparison.view.WantedNextHop(pool);
  if (wanted.empty() || !observed.has_value() || *observed == wanted) return;
  comparison.Add({kinds::Topology(comparison.declared.name),
                  "",
                  pool.fqdn + ".nextHop",
                  wanted,
                  *observed,
                  Impact::kTraffic,
                  "the next hop of " + pool.name + " is " + DisplayText(Value(*observed)) +
                      ", declared is " + wanted,
                  "I-18",
                  pool.origin});
}

void CompareRoute(Comparison& comparison, const Site& site, Protocol protocol) {
  const Organization& declared = comparison.declared;
  const std::string& host = DeclaredHost(site, protocol);
  const ResourceId id = kinds::SiteRoute(site.name);
  if (host.empty() || !comparison.view.hosting().IsRouted(protocol) ||
      !comparison.CanSee(id, "I-5", site.origin))
    return;
  const std::string wanted = declared.edge_pools.at(host).fqdn;
  const std::string observed = comparison.view.Route(site, protocol).value_or("");
  const bool through_director =
      protocol == Protocol::kSip && IsDirectorOf(declared, observed, host);
  if (observed == wanted || through_director) return;
  const bool is_sip = protocol == Protocol::kSip;
  comparison.Add({id,
                  "",
                  std::string(Member(protocol)),
                  wanted,
                  observed,
                  Impact::kTraffic,
                  "the " + std::string(is_sip ? "SIP" : "XMPP") + " route of " + site.name +
                      " leads to " + comparison.view.Called(observed) + ", declared is " + host,
                  "I-5",
                  is_sip ? site.hosts.federation_origin : site.hosts.xmpp_origin});
}

void CompareAssociation(Comparison& comparison, const FrontEndPool& pool) {
  const ResourceId id = kinds::EdgeAssociation(pool.fqdn);
  if (pool.conferencing.empty() || !comparison.CanSee(id, "I-6", pool.origin)) return;
  const std::string declared = comparison.declared.edge_pools.at(pool.conferencing).fqdn;
  const Value* seen = comparison.observed.Properties(id);
  const std::string observed(seen == nullptr ? "" : seen->StringOr("edgePool", ""));
  const bool consistent = seen == nullptr || seen->BooleanOr("consistent", true);
  if (observed == declared && consistent) return;
  comparison.Add({id,
                  "",
                  "edgePool",
                  declared,
                  observed,
                  Impact::kTraffic,
                  "conferencing of " + pool.name + " uses " +
                      (consistent ? comparison.view.Called(observed) : "several Edge pools") +
                      ", declared is " + pool.conferencing,
                  "I-6",
                  pool.conferencing_origin});
}

void CompareDirector(Comparison& comparison, const Director& director) {
  const ResourceId id = kinds::EdgeAssociation(director.fqdn);
  if (!comparison.CanSee(id, "I-4", director.origin)) return;
  const std::string declared = comparison.declared.edge_pools.at(director.edge_pool).fqdn;
  const Value* seen = comparison.observed.Properties(id);
  if (seen == nullptr) return;  // the platform shows no association of Directors
  const std::string observed(seen->StringOr("edgePool", ""));
  if (observed == declared) return;
  comparison.Add({id,
                  "",
                  "edgePool",
                  declared,
                  observed,
                  Impact::kTraffic,
                  director.name + " hands federation to " + comparison.view.Called(observed) +
                      ", declared is " + director.edge_pool,
                  "I-4",
                  director.origin});
}

void CompareUsers(Comparison& comparison, const FrontEndPool& pool) {
  if (pool.served_by == FrontEndPool::ServedBy::kAsObserved) return;
  const ResourceId id = kinds::PoolFailover(pool.fqdn);
  if (!comparison.CanSee(id, "P3", pool.origin)) return;
  const std::string wanted = pool.served_by == FrontEndPool::ServedBy::kHome ? "home" : "backup";
  const Value* seen = comparison.observed.Properties(id);
  const std::string observed(seen == nullptr ? "" : seen->StringOr("servedBy", ""));
  if (observed == wanted) return;
  comparison.Add({id,
                  "",
                  "servedBy",
                  wanted,
                  observed,
                  Impact::kRedundancy,
                  "the users of " + pool.name + " are served by " +
                      (observed == "home" ? "their home pool" : "the backup pool") +
                      ", declared is " + wanted,
                  "P3",
                  pool.origin});
}

}  // namespace

void CompareDesignations(Comparison& comparison) {
  CompareCentralStore(comparison);
  CompareEnablement(comparison);
  for (const Protocol protocol : kProtocols)
    CompareFlags(comparison, protocol);
  for (const auto& [name, pool] : comparison.declared.edge_pools)
    CompareNextHop(comparison, pool);
  for (const auto& [name, site] : comparison.declared.sites) {
    for (const Protocol protocol : kProtocols)
      CompareRoute(comparison, site, protocol);
  }
  for (const auto& [name, director] : comparison.declared.directors)
    CompareDirector(comparison, director);
  for (const auto& [name, pool] : comparison.declared.front_end_pools) {
    CompareAssociation(comparison, pool);
    CompareUsers(comparison, pool);
  }
}

}  // namespace poolshift
