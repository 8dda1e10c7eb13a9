#include "controller/federation/observing.h"

#include <cstdint>
#include <set>
#include <utility>

#include "controller/federation/hosting.h"
#include "controller/federation/inside_paths.h"
#include "controller/federation/records.h"
#include "controller/federation/roles.h"
#include "controller/federation/supposition.h"
#include "controller/federation/view.h"

namespace poolshift {
namespace {

using Keys = std::vector<ObservationKey>;

void Add(ResourceId id, Keys& keys) { keys.push_back({std::move(id), ""}); }

void AddServices(const Organization& organization, const EdgePool& pool, Keys& keys) {
  for (const EdgeServer& server : pool.servers) {
    for (const Protocol protocol : kProtocols) {
      if (IsDeclared(organization, protocol) && HasRole(pool, Role(protocol)))
        Add(kinds::Streams(server.fqdn, Name(protocol)), keys);
    }
    for (const std::string_view role : RolesOf(pool))
      Add(kinds::EdgeService(server.fqdn, role), keys);
    if (!pool.in_topology()) continue;
    Add(kinds::EdgeComponents(server.fqdn), keys);
    Add(kinds::Replica(server.fqdn), keys);
  }
}

// D16: what outside vantages resolve a traffic manager's name to.
void AddGtms(const Organization& organization, Keys& keys) {
  std::vector<std::string> vantages = organization.policy.vantages;
  if (vantages.empty()) vantages.emplace_back();
  for (const auto& [name, domain] : organization.domains) {
    if (!domain.sip.has_value() || domain.sip->style != SipDnsStyle::kGtm) continue;
    for (const std::string& vantage : vantages) {
      for (const char* type : {"A", "AAAA"})
        keys.push_back({kinds::DnsRecordSet(domain.sip->gtm_name, type), vantage});
    }
  }
}

void AddPoolDetails(const View& view, const EdgePool& pool, Keys& keys) {
  for (const EdgeServer& server : pool.servers) {
    // A pool in service was asked for it already. Of one that is out, what could bring it back by
    // itself (D12).
    if (pool.condition == EdgePool::Condition::kOutOfService) {
      if (pool.in_topology()) {
        Add(kinds::Replica(server.fqdn), keys);
        Add(kinds::EdgeComponents(server.fqdn), keys);
      }
      for (const Protocol protocol : kProtocols) {
        if (HasRole(pool, Role(protocol)))
          Add(kinds::EdgeService(server.fqdn, Role(protocol)), keys);
      }
    }
    std::set<std::string_view> uses;
    for (const Protocol protocol : kProtocols) {
      if (HasRole(pool, Role(protocol))) uses.insert(CertificateUse(pool, protocol));
    }
    for (const std::string_view use : uses)
      Add(kinds::Certificate(server.fqdn, use), keys);
  }
  for (const Protocol protocol : kProtocols) {
    if (!view.hosting().IsDeclared(protocol) || !HasRole(pool, Role(protocol))) continue;
    for (const std::string& address : pool.addresses()) {
      Add(kinds::Fence(address, Port(protocol)), keys);
      for (const std::string& vantage : view.vantages()) {
        keys.push_back({kinds::Reachability(address, Port(protocol)), vantage});
      }
    }
  }
}

// The protocol's SRV record leads to pools' own names, not to one that floats or is a traffic
// manager's.
bool NamesHosts(const Domain& domain, Protocol protocol) {
  if (protocol == Protocol::kSip)
    return domain.sip.has_value() && domain.sip->style == SipDnsStyle::kSrvTarget;
  return domain.xmpp.has_value() && domain.xmpp->style == XmppDnsStyle::kStaticSrv;
}

// The pools that host the protocol now, by flag and routes, besides the declared one.
std::set<std::string> PoolsThatHost(const View& view, Protocol protocol) {
  std::set<std::string> fqdns;
  if (protocol == Protocol::kSip) {
    for (std::string& fqdn : view.Flagged(protocol).value_or(std::vector<std::string>{}))
      fqdns.insert(std::move(fqdn));
  }
  for (const auto& [name, site] : view.organization().sites)
    fqdns.insert(view.Route(site, protocol).value_or(""));
  std::set<std::string> pools;
  for (const std::string& fqdn : fqdns)
    pools.insert(view.PoolOf(fqdn));
  pools.erase("");
  return pools;
}

// The declared host's own name was asked for already. That of the host that is left says where
// records lead now, and the way back leads there.
void AddFormerAddresses(const View& view, const ObservedState& seen, Keys& keys) {
  const Organization& organization = view.organization();
  const std::set<std::string> hosts[] = {PoolsThatHost(view, Protocol::kSip),
                                         PoolsThatHost(view, Protocol::kXmpp)};
  for (const auto& [name, domain] : organization.domains) {
    std::set<std::string> names;
    for (const Protocol protocol : kProtocols) {
      if (!NamesHosts(domain, protocol)) continue;
      for (const std::string& pool : hosts[static_cast<std::size_t>(protocol)])
        names.insert(PoolNameIn(organization.edge_pools.at(pool), name));
    }
    for (const std::string& owner : names) {
      for (const char* type : {"A", "AAAA"}) {
        ObservationKey key{kinds::DnsRecordSet(owner, type), ""};
        if (!seen.observations.contains(key)) keys.push_back(std::move(key));
      }
    }
  }
}

// Edge pools that a drill may name as the next host of the protocol, when the pool that hosts it
// dies, alone or with its site (supposition.h).
void AddCandidates(const Organization& organization,
                   const Supposition& death,
                   Protocol protocol,
                   std::set<std::string>& candidates) {
  const Successors next = FindSuccessors(organization, death, protocol);
  std::vector<std::string> names = next.declared;
  // Where a person has chosen, the others are not tried.
  if (names.empty()) names = next.others;
  if (names.size() > kMostSuccessors) names.resize(kMostSuccessors);
  candidates.insert(names.begin(), names.end());
}

std::set<std::string> Candidates(const View& view, Protocol protocol) {
  const Organization& organization = view.organization();
  std::set<std::string> candidates;
  for (const auto& [name, pool] : organization.edge_pools) {
    if (!view.hosting().IsDeclaredHost(protocol, name)) continue;
    Supposition alone{Supposition::Kind::kPool, name, {name}, {}};
    Supposition site{Supposition::Kind::kSite, pool.site, {}, {}};
    for (const auto& [other, beside] : organization.edge_pools)
      if (beside.site == pool.site) site.edge_pools.insert(other);
    AddCandidates(organization, alone, protocol, candidates);
    AddCandidates(organization, site, protocol, candidates);
  }
  return candidates;
}

// What is seen of the pool from inside.
void AddInsideView(const Organization& organization,
                   const EdgePool& pool,
                   Protocol protocol,
                   bool by_all,
                   Keys& keys) {
  if (!pool.in_topology() || !IsDeclared(organization, protocol)) return;
  if (by_all) return AddInsidePaths(organization, pool, protocol, SIZE_MAX, keys);
  for (const auto& [name, front_end] : organization.front_end_pools) {
    if (front_end.fqdn != pool.next_hop) continue;
    for (const EdgeServer& server : pool.servers) {
      for (const std::string& vantage : front_end.servers)
        keys.push_back({kinds::Reachability(server.fqdn, InsidePort(protocol)), vantage});
    }
  }
}

// What the central store says of the organisation as a whole.
void AddCentralStore(const Organization& organization, Keys& keys) {
  Add(kinds::Topology(organization.name), keys);
  Add(kinds::Enablement(organization.name), keys);
  Add(kinds::CentralStore(organization.name), keys);
  Add(kinds::AccessConfig(organization.name), keys);
  for (const auto& [name, site] : organization.sites)
    Add(kinds::SiteRoute(name), keys);
  for (const auto& [name, partner] : organization.partners) {
    if (partner.xmpp) Add(kinds::XmppPartner(partner.domain), keys);
  }
}

}  // namespace

Keys DesignationsToObserve(const Organization& organization) {
  Keys keys;
  if (organization.has_central_store()) AddCentralStore(organization, keys);
  for (const auto& [name, pool] : organization.front_end_pools) {
    if (!pool.conferencing.empty()) Add(kinds::EdgeAssociation(pool.fqdn), keys);
    if (pool.served_by != FrontEndPool::ServedBy::kAsObserved)
      Add(kinds::PoolFailover(pool.fqdn), keys);
  }
  for (const auto& [name, director] : organization.directors)
    Add(kinds::EdgeAssociation(director.fqdn), keys);
  for (ResourceId& id : RecordsToObserve(organization))
    Add(std::move(id), keys);
  AddGtms(organization, keys);
  return keys;
}

Keys DetailsToObserve(const Organization& organization, const ObservedState& seen) {
  const View view(organization, seen);
  Keys keys;
  for (const auto& [name, pool] : organization.edge_pools) {
    if (pool.condition == EdgePool::Condition::kInService) AddServices(organization, pool, keys);
  }
  for (const std::string& name : view.PoolsOfInterest()) {
    AddPoolDetails(view, organization.edge_pools.at(name), keys);
  }
  for (const auto& [name, pool] : organization.front_end_pools) {
    for (const std::string& server : pool.servers)
      Add(kinds::Replica(server), keys);
  }
  AddFormerAddresses(view, seen, keys);
  for (const Protocol protocol : kProtocols) {
    const EdgePool* host = HostToReach(view, protocol);
    if (host != nullptr) AddInsidePaths(organization, *host, protocol, kMostInsidePaths, keys);
  }
  return keys;
}

Keys DrillToObserve(const Organization& organization, const ObservedState& seen) {
  const View view(organization, seen);
  Keys keys;
  for (const auto& [name, pool] : organization.edge_pools) {
    if (pool.condition == EdgePool::Condition::kInService) AddPoolDetails(view, pool, keys);
  }
  for (const Protocol protocol : kProtocols) {
    const std::set<std::string> candidates = Candidates(view, protocol);
    for (const auto& [name, pool] : organization.edge_pools) {
      if (pool.condition == EdgePool::Condition::kInService)
        AddInsideView(organization, pool, protocol, candidates.contains(name), keys);
    }
  }
  // Records are asked for by the host's own name, and any of these may be the next host.
  for (const auto& [domain, declared] : organization.domains) {
    for (const auto& [name, pool] : organization.edge_pools) {
      for (const char* type : {"A", "AAAA"})
        Add(kinds::DnsRecordSet(PoolNameIn(pool, domain), type), keys);
    }
  }
  for (const auto& [name, pool] : organization.front_end_pools)
    Add(kinds::PoolFailover(pool.fqdn), keys);
  return keys;
}

}  // namespace poolshift
