#include "controller/federation/view.h"

#include <algorithm>

#include "controller/federation/records.h"
#include "controller/federation/roles.h"
#include "controller/federation/silence.h"

namespace poolshift {

namespace {

// FQDNs with the protocol's flag; nothing when the topology could not be read.
std::optional<std::vector<std::string>> FlaggedPools(const Organization& organization,
                                                     const ObservedState& observed,
                                                     Protocol protocol) {
  const Value* topology = observed.Properties(kinds::Topology(organization.name));
  const Value* pools = topology == nullptr ? nullptr : topology->Find("pools");
  if (pools == nullptr) return std::nullopt;
  std::vector<std::string> flagged;
  for (const auto& [fqdn, pool] : pools->map()) {
    if (pool.BooleanOr(Member(protocol), false)) flagged.push_back(fqdn);
  }
  return flagged;
}

// Of a Front End pool that is out of service the backup pool that is in service; else itself.
std::string LivingInsteadOf(const Organization& organization, const std::string& fqdn) {
  using Condition = FrontEndPool::Condition;
  const auto& pools = organization.front_end_pools;
  const auto pool = std::find_if(
      pools.begin(), pools.end(), [&](const auto& entry) { return entry.second.fqdn == fqdn; });
  if (pool == pools.end() || pool->second.condition == Condition::kInService) return fqdn;
  const auto backup = pools.find(pool->second.backup_pool);
  const bool lives = backup != pools.end() && backup->second.condition == Condition::kInService;
  return lives ? backup->second.fqdn : fqdn;
}

bool IsOutOfService(const Organization& organization, const std::string& fqdn) {
  const auto& pools = organization.front_end_pools;
  return std::any_of(pools.begin(), pools.end(), [&](const auto& entry) {
    return entry.second.fqdn == fqdn &&
           entry.second.condition == FrontEndPool::Condition::kOutOfService;
  });
}

}  // namespace

View::View(const Organization& organization, const ObservedState& observed)
    : organization_(organization),
      observed_(observed),
      hosting_(organization),
      vantages_(organization.policy.vantages) {
  for (const Protocol protocol : kProtocols) {
    flagged_[static_cast<std::size_t>(protocol)] = FlaggedPools(organization, observed, protocol);
    in_dns_[static_cast<std::size_t>(protocol)] = PoolInDns(organization, observed_, protocol);
  }
  for (const auto& [name, pool] : organization.edge_pools) {
    pool_by_fqdn_[pool.fqdn] = name;
    if (pool.in_topology()) continue;
    for (const EdgeServer& server : pool.servers)
      without_replica_.insert(server.fqdn);
  }
  if (vantages_.empty()) vantages_.emplace_back();
  std::vector<ResourceId> designations{kinds::Topology(organization.name)};
  for (const auto& [name, site] : organization.sites)
    designations.push_back(kinds::SiteRoute(name));
  for (const auto& [name, pool] : organization.front_end_pools) {
    designations.push_back(kinds::EdgeAssociation(pool.fqdn));
  }
  for (const ResourceId& id : designations) {
    const Value* properties = observed_.Properties(id);
    if (properties != nullptr)
      watermark_ = std::max(watermark_, properties->IntegerOr("watermark", 0));
  }
}

std::string View::PoolOf(std::string_view fqdn) const {
  const auto found = pool_by_fqdn_.find(fqdn);
  return found == pool_by_fqdn_.end() ? "" : found->second;
}

std::string View::Called(std::string_view fqdn) const {
  if (fqdn.empty()) return "(none)";
  const std::string name = PoolOf(fqdn);
  return name.empty() ? std::string(fqdn) : name;
}

const Value* View::TopologyOf(const EdgePool& pool) const {
  const Value* topology = observed_.Properties(kinds::Topology(organization_.name));
  const Value* pools = topology == nullptr ? nullptr : topology->Find("pools");
  return pools == nullptr ? nullptr : pools->Find(pool.fqdn);
}

std::optional<std::vector<std::string>> View::Flagged(Protocol protocol) const {
  return flagged_[static_cast<std::size_t>(protocol)];
}

std::optional<bool> View::HasFlag(const EdgePool& pool, Protocol protocol) const {
  const Value* entry = TopologyOf(pool);
  if (entry == nullptr) return std::nullopt;
  return entry->BooleanOr(Member(protocol), false);
}

std::optional<std::string> View::NextHop(const EdgePool& pool) const {
  const Value* entry = TopologyOf(pool);
  if (entry == nullptr) return std::nullopt;
  return std::string(entry->StringOr("nextHop", ""));
}

std::string View::WantedNextHop(const EdgePool& pool) const {
  const bool declared = pool.condition == EdgePool::Condition::kInService && !pool.next_hop.empty();
  const std::string observed = NextHop(pool).value_or("");
  const std::string hop = declared ? pool.next_hop : observed;
  const bool hosts = hosting_.IsDeclaredHost(Protocol::kSip, pool.name) ||
                     hosting_.IsDeclaredHost(Protocol::kXmpp, pool.name);
  const std::string& serving = hosting_.Serving(hop);
  const std::string wanted =
      hosts && serving == hop ? LivingInsteadOf(organization_, hop) : serving;
  // A pool that hosts nothing may still have streams: it is not led to a dead one.
  const bool stays = !observed.empty() && wanted != observed;
  return stays && IsOutOfService(organization_, wanted) ? observed : wanted;
}

bool View::Answers(const FrontEndPool& pool) const {
  return std::any_of(pool.servers.begin(), pool.servers.end(), [&](const std::string& server) {
    return observed_.Properties(kinds::Replica(server)) != nullptr;
  });
}

std::optional<std::string> View::Route(const Site& site, Protocol protocol) const {
  const Value* route = observed_.Properties(kinds::SiteRoute(site.name));
  if (route == nullptr) return std::nullopt;
  return std::string(route->StringOr(Member(protocol), ""));
}

bool View::AwaitsEnabling() const {
  const Value* seen = observed_.Properties(kinds::Enablement(organization_.name));
  if (seen == nullptr || seen->BooleanOr("enabled", true)) return false;
  return organization_.policy.enable_after_routes || seen->StringOr("waiting", "") == "document";
}

std::optional<bool> View::IsRunning(std::string_view server, std::string_view role) const {
  const Value* service = observed_.Properties(kinds::EdgeService(server, role));
  if (service == nullptr) return std::nullopt;
  return service->StringOr("state", "") == "running";
}

bool View::IsSeen(const EdgePool& pool, const EdgeServer& server) const {
  if (pool.in_topology()) return observed_.Properties(kinds::Replica(server.fqdn)) != nullptr;
  const std::vector<std::string_view> roles = RolesOf(pool);
  return std::any_of(roles.begin(), roles.end(), [&](const std::string_view role) {
    return observed_.Properties(kinds::EdgeService(server.fqdn, role)) != nullptr;
  });
}

bool View::IsSilent(const EdgeServer& server) const {
  return poolshift::IsSilent(organization_, observed_, server);
}

bool View::IsSilent(const EdgePool& pool) const {
  return std::all_of(pool.servers.begin(), pool.servers.end(), [&](const EdgeServer& server) {
    return IsSilent(server);
  });
}

std::vector<const EdgeServer*> View::Answering(const EdgePool& pool) const {
  return AnsweringServers(organization_, observed_, pool);
}

bool View::IsReached(const EdgeServer& server, Protocol protocol) const {
  for (const std::string& address : server.addresses) {
    for (const std::string& vantage : vantages_) {
      const Value* seen =
          observed_.Properties(kinds::Reachability(address, Port(protocol)), vantage);
      if (seen != nullptr && seen->StringOr("state", "") == "open") return true;
    }
  }
  return false;
}

bool View::IsFenced(const EdgeServer& server, Protocol protocol) const {
  const auto& addresses = server.addresses;
  return std::all_of(addresses.begin(), addresses.end(), [&](const std::string& address) {
    const Value* fence = observed_.Properties(kinds::Fence(address, Port(protocol)));
    return fence != nullptr && fence->StringOr("mode", "none") != "none";
  });
}

std::vector<std::string> View::LivingPools() const {
  std::vector<std::string> seen, declared;
  for (const auto& [name, pool] : organization_.edge_pools) {
    if (pool.condition == EdgePool::Condition::kOutOfService) continue;
    declared.push_back(name);
    const bool lives = std::any_of(
        pool.servers.begin(), pool.servers.end(), [&, &pool = pool](const EdgeServer& server) {
          return IsSeen(pool, server);
        });
    if (lives) seen.push_back(name);
  }
  return seen.empty() ? declared : seen;
}

View::Answer View::FromOutside(const EdgePool& pool, Protocol protocol) const {
  bool dead = true;
  for (const std::string& address : pool.addresses()) {
    int failing = 0;
    for (const std::string& vantage : vantages_) {
      const Value* seen =
          observed_.Properties(kinds::Reachability(address, Port(protocol)), vantage);
      if (seen == nullptr) continue;
      if (seen->StringOr("state", "") == "open") return Answer::kAnswers;
      ++failing;
    }
    dead = dead && failing >= organization_.policy.vantages_required;
  }
  return dead ? Answer::kDead : Answer::kUnknown;
}

std::string View::Evidence(const EdgePool& pool, Protocol protocol) const {
  std::string text;
  for (const std::string& address : pool.addresses()) {
    std::map<std::string, int, std::less<>> seen;
    for (const std::string& vantage : vantages_) {
      const Value* state =
          observed_.Properties(kinds::Reachability(address, Port(protocol)), vantage);
      ++seen[state == nullptr ? "could not look" : std::string(state->StringOr("state", "?"))];
    }
    for (const auto& [state, count] : seen) {
      if (!text.empty()) text += ", ";
      text += address + ':' + std::to_string(Port(protocol)) + ' ' + state;
      if (vantages_.size() > 1) {
        text +=
            " (" + std::to_string(count) + " of " + std::to_string(vantages_.size()) + " vantages)";
      }
    }
  }
  return text;
}

std::optional<bool> View::IsCurrent(std::string_view server) const {
  if (without_replica_.contains(server)) return true;
  const Value* replica = observed_.Properties(kinds::Replica(server));
  if (replica == nullptr) return std::nullopt;
  return replica->IntegerOr("watermark", 0) >= watermark_;
}

std::set<std::string> View::PoolsOfInterest() const {
  std::set<std::string> pools;
  for (const Protocol protocol : kProtocols) {
    pools.insert(InDns(protocol));
    for (const std::string& fqdn : Flagged(protocol).value_or(std::vector<std::string>{})) {
      // The XMPP flag alone designates nothing (D1).
      if (protocol == Protocol::kSip) pools.insert(PoolOf(fqdn));
    }
    for (const auto& [name, site] : organization_.sites) {
      pools.insert(DeclaredHost(site, protocol));
      pools.insert(PoolOf(Route(site, protocol).value_or("")));
    }
    // Outside any topology a pool that nothing names may still have streams (D8).
    const bool all = hosting_.IsDeclared(protocol) && !hosting_.IsRouted(protocol);
    for (const auto& [name, pool] : organization_.edge_pools) {
      if (all && !pool.in_topology() && HasRole(pool, Role(protocol))) pools.insert(name);
    }
  }
  for (const auto& [name, pool] : organization_.edge_pools) {
    if (pool.condition == EdgePool::Condition::kOutOfService) pools.insert(name);
  }
  for (const auto& [name, domain] : organization_.domains) {
    if (domain.xmpp.has_value()) pools.insert(domain.xmpp->order.begin(), domain.xmpp->order.end());
  }
  pools.erase("");
  return pools;
}

}  // namespace poolshift
