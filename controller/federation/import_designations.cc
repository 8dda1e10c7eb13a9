#include <algorithm>
#include <map>
#include <set>

#include "controller/federation/hosting.h"
#include "controller/federation/import.h"
#include "controller/federation/import_machines.h"
#include "controller/federation/listed_kinds.h"
#include "controller/federation/observed_index.h"
#include "controller/federation/roles.h"

namespace poolshift {
namespace {

// What shows that management sees the server: its replica, or outside any topology a service.
std::vector<ResourceId> SignsOfLife(const EdgePool& pool, const EdgeServer& server) {
  if (pool.in_topology()) return {kinds::Replica(server.fqdn)};
  std::vector<ResourceId> signs;
  for (const std::string_view role : RolesOf(pool))
    signs.push_back(kinds::EdgeService(server.fqdn, role));
  return signs;
}

class Designations {
 public:
  Designations(const ObservedState& observed, Imported& imported)
      : observed_(observed), organization_(imported.organization), remarks_(imported.remarks) {
    for (const auto& [name, director] : organization_.directors)
      host_at_[director.fqdn] = director.edge_pool;
    for (const auto& [name, pool] : organization_.edge_pools)
      host_at_[pool.fqdn] = name;
  }

  void Run() {
    for (auto& [name, site] : organization_.sites)
      AddHosts(site);
    AllowDivergence();
    AddCentralStore();
    for (auto& [name, pool] : organization_.edge_pools) {
      AddNextHop(pool);
      MarkSilent(pool);
    }
    for (auto& [name, pool] : organization_.front_end_pools)
      AddFrontEnd(pool);
  }

 private:
  void Say(std::string_view kind, const std::string& name, std::string member, std::string text) {
    remarks_.push_back({std::string(kind), name, std::move(member), std::move(text)});
  }

  // Says why, when the resource could not be looked at.
  bool IsSeen(const ResourceId& id,
              std::string_view kind,
              const std::string& name,
              const std::string& member) {
    const std::string reason = WhyUnseen(observed_.Find(id));
    if (!reason.empty()) Say(kind, name, member, "could not be looked at: " + reason);
    return reason.empty();
  }

  std::string EdgePoolAt(std::string_view fqdn) const {
    const auto found = host_at_.find(fqdn);
    return found == host_at_.end() ? "" : found->second;
  }

  std::string Host(const Site& site, const Value& route, std::string_view member) {
    const std::string fqdn(route.StringOr(member, ""));
    std::string host = EdgePoolAt(fqdn);
    if (host.empty() && !fqdn.empty()) {
      Say(listed::kSite,
          site.name,
          "hosts",
          std::string(member) + " is routed to " + fqdn + ", which is no pool that was listed");
    }
    return host;
  }

  void AddHosts(Site& site) {
    if (!organization_.has_central_store()) return;
    if (!site.hosts.federation.empty() || !site.hosts.xmpp.empty()) return;
    const ResourceId id = kinds::SiteRoute(site.name);
    if (!IsSeen(id, listed::kSite, site.name, "hosts")) return;
    const Value* route = observed_.Properties(id);
    if (route == nullptr) return;
    site.hosts.federation = Host(site, *route, "federation");
    site.hosts.xmpp = Host(site, *route, "xmpp");
  }

  void AllowDivergence() {
    std::set<std::string> sip, xmpp;
    for (const auto& [name, site] : organization_.sites) {
      if (!site.hosts.federation.empty()) sip.insert(site.hosts.federation);
      if (!site.hosts.xmpp.empty()) xmpp.insert(site.hosts.xmpp);
    }
    if (organization_.policy.allow_divergent_routes || (sip.size() < 2 && xmpp.size() < 2)) return;
    organization_.policy.allow_divergent_routes = true;
    Say("Policy",
        "policy",
        "allowDivergentRoutes",
        "the sites' routes lead to different pools: choose one host and remove this, unless a "
        "migration is under way");
  }

  void AddCentralStore() {
    if (!organization_.central_store.empty() || !organization_.has_central_store()) return;
    const ResourceId id = kinds::CentralStore(organization_.name);
    if (!IsSeen(id, "Organization", organization_.name, "centralStore")) return;
    const Value* store = observed_.Properties(id);
    const std::string master(store == nullptr ? "" : store->StringOr("activeMaster", ""));
    for (const auto& [name, pool] : organization_.front_end_pools)
      if (pool.fqdn == master) organization_.central_store = name;
    if (organization_.central_store.empty()) {
      Say("Organization",
          organization_.name,
          "centralStore",
          "no Front End pool is known to hold the central store: write which one does");
    }
  }

  void AddNextHop(EdgePool& pool) {
    if (!pool.next_hop.empty() || !pool.in_topology()) return;
    const ResourceId id = kinds::Topology(organization_.name);
    if (!IsSeen(id, listed::kEdgePool, pool.name, "nextHop")) return;
    const Value* topology = observed_.Properties(id);
    const Value* pools = topology == nullptr ? nullptr : topology->Find("pools");
    const Value* seen = pools == nullptr ? nullptr : pools->Find(pool.fqdn);
    if (seen != nullptr) pool.next_hop = seen->StringOr("nextHop", "");
    if (pool.next_hop.empty()) {
      Say(listed::kEdgePool,
          pool.name,
          "nextHop",
          "the topology names none: write the pool that federation is handed to");
    }
  }

  // Nobody's silence is a declaration (D3): a person says that a pool is out of service.
  void MarkSilent(const EdgePool& pool) {
    if (pool.condition == EdgePool::Condition::kOutOfService || pool.servers.empty()) return;
    const bool silent =
        std::all_of(pool.servers.begin(), pool.servers.end(), [&](const EdgeServer& server) {
          const std::vector<ResourceId> signs = SignsOfLife(pool, server);
          return std::all_of(signs.begin(), signs.end(), [&](const ResourceId& sign) {
            return !WhyUnseen(observed_.Find(sign)).empty();
          });
        });
    if (!silent) return;
    Say(listed::kEdgePool,
        pool.name,
        "condition",
        "no server of it could be looked at (" +
            WhyUnseen(observed_.Find(SignsOfLife(pool, pool.servers.front()).front())) +
            "): if it is down, write `outOfService` and a `reason`");
  }

  void AddFrontEnd(FrontEndPool& pool) {
    const ResourceId association = kinds::EdgeAssociation(pool.fqdn);
    if (pool.conferencing.empty() &&
        IsSeen(association, listed::kFrontEndPool, pool.name, "conferencing")) {
      const Value* seen = observed_.Properties(association);
      if (seen != nullptr && seen->BooleanOr("consistent", true)) {
        pool.conferencing = EdgePoolAt(seen->StringOr("edgePool", ""));
      } else if (seen != nullptr) {
        Say(listed::kFrontEndPool,
            pool.name,
            "conferencing",
            "its services use different Edge pools: write the one that all shall use");
      }
    }
    const Value* failover = observed_.Properties(kinds::PoolFailover(pool.fqdn));
    const bool by_backup = failover != nullptr && failover->StringOr("servedBy", "") == "backup";
    if (by_backup && pool.served_by == FrontEndPool::ServedBy::kAsObserved) {
      pool.served_by = FrontEndPool::ServedBy::kBackup;
      Say(listed::kFrontEndPool,
          pool.name,
          "servedBy",
          "its users are failed over now: write `home` to bring them back");
    }
  }

  const ObservedState& observed_;
  Organization& organization_;
  std::vector<Remark>& remarks_;
  // FQDN of an Edge pool or Director -> the Edge pool that it leads to: every site asks.
  std::map<std::string, std::string, std::less<>> host_at_;
};

}  // namespace

std::vector<ObservationKey> ImportToObserve(const Organization& entities) {
  std::vector<ObservationKey> keys;
  const auto add = [&](ResourceId id) { keys.push_back({std::move(id), ""}); };
  if (entities.has_central_store()) {
    add(kinds::Topology(entities.name));
    add(kinds::CentralStore(entities.name));
    for (const auto& [name, site] : entities.sites)
      add(kinds::SiteRoute(name));
  }
  for (const auto& [name, pool] : entities.edge_pools) {
    for (const EdgeServer& server : pool.servers) {
      for (ResourceId& sign : SignsOfLife(pool, server))
        add(std::move(sign));
      if (pool.in_topology()) continue;
      for (ResourceId& certificate : CertificatesOf(pool, server))
        add(std::move(certificate));
    }
  }
  for (const auto& [name, pool] : entities.front_end_pools) {
    add(kinds::EdgeAssociation(pool.fqdn));
    add(kinds::PoolFailover(pool.fqdn));
  }
  for (const auto& [name, domain] : entities.domains) {
    for (const char* locator : {"_sipfederationtls._tcp.", "_xmpp-server._tcp.", "_sip._tls."})
      add(kinds::DnsRecordSet(locator + name, "SRV"));
  }
  return keys;
}

void ImportDesignations(const ObservedState& observed, Imported& imported) {
  Designations(observed, imported).Run();
}

}  // namespace poolshift
