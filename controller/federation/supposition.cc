#include "controller/federation/supposition.h"

#include <algorithm>
#include <utility>

#include "controller/federation/hosting.h"
#include "controller/federation/kinds.h"

namespace poolshift {
namespace {

constexpr const char* kReason = "drill";

bool IsInService(const EdgePool& pool) { return pool.condition == EdgePool::Condition::kInService; }

// The order in which remote access names pools, of the first domain that declares one.
std::vector<std::string> RemoteAccessOrder(const Organization& organization) {
  for (const auto& [name, domain] : organization.domains)
    if (!domain.remote_access_order.empty()) return domain.remote_access_order;
  return {};
}

// What a person has written about who comes next, the most specific first; names may be dead.
std::vector<std::string> DeclaredNext(const Organization& organization,
                                      const Supposition& supposition,
                                      Protocol protocol) {
  std::vector<std::string> next;
  const auto append = [&next](const std::vector<std::string>& more) {
    next.insert(next.end(), more.begin(), more.end());
  };
  if (protocol == Protocol::kXmpp) {
    for (const auto& [name, domain] : organization.domains)
      if (domain.xmpp.has_value()) append(domain.xmpp->order);
  }
  for (const std::string& dead : supposition.edge_pools)
    append({organization.edge_pools.at(dead).stand_in});
  append(RemoteAccessOrder(organization));
  return next;
}

void BuryFrontEnd(const std::string& dead,
                  const Supposition& supposition,
                  Organization& organization) {
  FrontEndPool& pool = organization.front_end_pools.at(dead);
  pool.condition = FrontEndPool::Condition::kOutOfService;
  pool.reason = kReason;
  const auto backup = organization.front_end_pools.find(pool.backup_pool);
  if (backup == organization.front_end_pools.end() ||
      supposition.front_end_pools.contains(backup->first))
    return;
  pool.served_by = FrontEndPool::ServedBy::kBackup;
  if (organization.central_store == dead) organization.central_store = backup->first;
  for (auto& [name, edge] : organization.edge_pools) {
    if (edge.next_hop == pool.fqdn) edge.next_hop = backup->second.fqdn;
  }
}

// Names of machines, pools and addresses at which nothing answers any more.
std::set<std::string, std::less<>> DeadNames(const Organization& organization,
                                             const Supposition& supposition) {
  std::set<std::string, std::less<>> names;
  for (const std::string& dead : supposition.edge_pools) {
    const EdgePool& pool = organization.edge_pools.at(dead);
    names.insert(pool.fqdn);
    for (const EdgeServer& server : pool.servers) {
      names.insert(server.fqdn);
      names.insert(server.addresses.begin(), server.addresses.end());
    }
  }
  for (const std::string& dead : supposition.front_end_pools) {
    const FrontEndPool& pool = organization.front_end_pools.at(dead);
    names.insert(pool.fqdn);
    names.insert(pool.servers.begin(), pool.servers.end());
  }
  return names;
}

bool IsOnServer(std::string_view kind) {
  return kind == kinds::kEdgeService || kind == kinds::kEdgeComponents || kind == kinds::kReplica ||
         kind == kinds::kStreams || kind == kinds::kCertificate;
}

Observation Unseen() {
  Observation unseen;
  unseen.reason = "supposed dead (drill)";
  return unseen;
}

Observation Silent() {
  Observation silent;
  silent.presence = Presence::kPresent;
  silent.properties = Value::Map{{"state", "filtered"},
                                 {"protocol", ""},
                                 {"certificateNames", Value::List{}},
                                 {"certificateNotAfter", ""}};
  silent.revision = "drill";
  return silent;
}

bool StoreDies(const Organization& organization,
               const Value& store,
               const Supposition& supposition) {
  return std::any_of(supposition.front_end_pools.begin(),
                     supposition.front_end_pools.end(),
                     [&](const std::string& dead) {
                       return store.StringOr("activeMaster", "") ==
                              organization.front_end_pools.at(dead).fqdn;
                     });
}

}  // namespace

std::vector<Supposition> PoolSuppositions(const Organization& organization) {
  std::vector<Supposition> all;
  for (const auto& [name, pool] : organization.edge_pools) {
    if (IsInService(pool)) all.push_back({Supposition::Kind::kPool, name, {name}, {}});
  }
  for (const auto& [name, pool] : organization.front_end_pools)
    all.push_back({Supposition::Kind::kPool, name, {}, {name}});
  return all;
}

std::vector<Supposition> SiteSuppositions(const Organization& organization) {
  std::map<std::string, Supposition> by_site;
  for (const auto& [name, pool] : organization.edge_pools)
    if (IsInService(pool)) by_site[pool.site].edge_pools.insert(name);
  for (const auto& [name, pool] : organization.front_end_pools)
    by_site[pool.site].front_end_pools.insert(name);
  std::vector<Supposition> all;
  for (auto& [site, supposition] : by_site) {
    supposition.kind = Supposition::Kind::kSite;
    supposition.name = site;
    all.push_back(std::move(supposition));
  }
  return all;
}

std::vector<Supposition> PairSuppositions(const Organization& organization) {
  const Hosting hosting(organization);
  const auto hosts = [&hosting](const std::string& pool) {
    return hosting.IsDeclaredHost(Protocol::kSip, pool) ||
           hosting.IsDeclaredHost(Protocol::kXmpp, pool);
  };
  std::vector<std::string> names;
  for (const auto& [name, pool] : organization.edge_pools)
    if (IsInService(pool)) names.push_back(name);
  std::vector<Supposition> all;
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t j = i + 1; j < names.size(); ++j) {
      if (!hosts(names[i]) && !hosts(names[j])) continue;
      all.push_back(
          {Supposition::Kind::kPair, names[i] + " + " + names[j], {names[i], names[j]}, {}});
    }
  }
  return all;
}

Successors FindSuccessors(const Organization& organization,
                          const Supposition& supposition,
                          Protocol protocol) {
  Successors successors;
  for (const auto& [name, site] : organization.sites) {
    successors.is_needed =
        successors.is_needed || supposition.edge_pools.contains(DeclaredHost(site, protocol));
  }
  if (!successors.is_needed) return successors;
  const auto lives = [&](const std::string& name) {
    const auto pool = organization.edge_pools.find(name);
    return pool != organization.edge_pools.end() && IsInService(pool->second) &&
           !supposition.edge_pools.contains(name);
  };
  std::set<std::string> taken;
  for (const std::string& name : DeclaredNext(organization, supposition, protocol)) {
    if (lives(name) && taken.insert(name).second) successors.declared.push_back(name);
  }
  for (const auto& [name, pool] : organization.edge_pools)
    if (lives(name) && !taken.contains(name)) successors.others.push_back(name);
  return successors;
}

Organization SupposeDead(const Organization& organization,
                         const Supposition& supposition,
                         const Commit& commit) {
  Organization supposed = organization;
  const auto is_dead = [&](const std::string& pool) {
    return supposition.edge_pools.contains(pool);
  };
  for (const std::string& dead : supposition.edge_pools) {
    EdgePool& pool = supposed.edge_pools.at(dead);
    pool.condition = EdgePool::Condition::kOutOfService;
    pool.reason = kReason;
  }
  for (auto& [name, site] : supposed.sites) {
    if (is_dead(site.hosts.federation) && !commit.federation.empty())
      site.hosts.federation = commit.federation;
    if (is_dead(site.hosts.xmpp) && !commit.xmpp.empty()) site.hosts.xmpp = commit.xmpp;
  }
  for (auto& [name, pool] : supposed.front_end_pools) {
    if (!is_dead(pool.conferencing)) continue;
    const std::string& stand_in = supposed.edge_pools.at(pool.conferencing).stand_in;
    pool.conferencing = is_dead(stand_in) ? "" : stand_in;
    pool.conferencing_is_temporary = !pool.conferencing.empty();
  }
  for (const std::string& dead : supposition.front_end_pools)
    BuryFrontEnd(dead, supposition, supposed);
  return supposed;
}

SupposedWorld::SupposedWorld(const Organization& organization, ObservedState observed)
    : organization_(organization), world_(std::move(observed)) {
  for (auto& [key, seen] : world_.observations) {
    const std::string_view name = key.id.name;
    if (key.id.kind == kinds::kReachability) {
      by_vantage_[key.vantage].push_back(&seen);
      by_address_[name.substr(0, name.rfind('/'))].push_back(&seen);
    } else if (IsOnServer(key.id.kind)) {
      by_server_[name.substr(0, name.find('/'))].push_back(&seen);
    } else if (key.id.kind == kinds::kCentralStore) {
      stores_.push_back(&seen);
    }
  }
}

void SupposedWorld::Put(Observation& place, Observation supposed) {
  former_.emplace_back(&place, std::exchange(place, std::move(supposed)));
}

void SupposedWorld::Put(const Places& places, std::string_view name, const Observation& supposed) {
  const auto found = places.find(name);
  if (found == places.end()) return;
  for (Observation* const place : found->second)
    Put(*place, supposed);
}

const ObservedState& SupposedWorld::Suppose(const Supposition& supposition) {
  for (auto each = former_.rbegin(); each != former_.rend(); ++each)
    *each->first = std::move(each->second);
  former_.clear();
  const auto dead = DeadNames(organization_, supposition);
  for (const std::string& name : dead) {
    Put(by_vantage_, name, Unseen());
    Put(by_server_, name, Unseen());
  }
  // A dead address is silent for every vantage, also for a dead one.
  for (const std::string& name : dead)
    Put(by_address_, name, Silent());
  for (Observation* const store : stores_) {
    if (store->presence != Presence::kPresent ||
        !StoreDies(organization_, store->properties, supposition))
      continue;
    Observation dying = *store;
    dying.properties.Set("alive", false);
    Put(*store, std::move(dying));
  }
  return world_;
}

ObservedState SupposeDead(const Organization& organization,
                          const ObservedState& observed,
                          const Supposition& supposition) {
  return SupposedWorld(organization, observed).Suppose(supposition);
}

}  // namespace poolshift
