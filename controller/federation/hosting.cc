#include "controller/federation/hosting.h"

#include <algorithm>

namespace poolshift {

bool IsDeclared(const Organization& organization, Protocol protocol) {
  return std::any_of(organization.sites.begin(), organization.sites.end(), [&](const auto& site) {
    return !DeclaredHost(site.second, protocol).empty();
  });
}

Hosting::Hosting(const Organization& organization) {
  for (const Protocol protocol : kProtocols) {
    common_[static_cast<std::size_t>(protocol)] = DeclaredHost(organization, protocol);
    for (const auto& [name, site] : organization.sites)
      hosts_[static_cast<std::size_t>(protocol)].insert(DeclaredHost(site, protocol));
    bool& routed = routed_[static_cast<std::size_t>(protocol)];
    for (const std::string& name : hosts_[static_cast<std::size_t>(protocol)]) {
      const auto host = organization.edge_pools.find(name);
      routed = routed || (host != organization.edge_pools.end() && host->second.in_topology());
    }
  }
  for (const auto& [name, domain] : organization.domains) {
    const bool is_static =
        domain.xmpp.has_value() && domain.xmpp->style == XmppDnsStyle::kStaticSrv;
    if (is_static) standbys_.insert(domain.xmpp->order.begin(), domain.xmpp->order.end());
  }
  for (const auto& [name, pool] : organization.front_end_pools) {
    const auto backup = organization.front_end_pools.find(pool.backup_pool);
    const bool served = pool.served_by == FrontEndPool::ServedBy::kBackup;
    if (served && backup != organization.front_end_pools.end())
      backups_[pool.fqdn] = backup->second.fqdn;
  }
}

bool Hosting::IsDeclared(Protocol protocol) const {
  const auto& hosts = hosts_[static_cast<std::size_t>(protocol)];
  return !hosts.empty() && !hosts.rbegin()->empty();  // "" sorts first
}

bool Hosting::IsDeclaredHost(Protocol protocol, const std::string& pool) const {
  return hosts_[static_cast<std::size_t>(protocol)].contains(pool);
}

const std::string& Hosting::Serving(const std::string& fqdn) const {
  const auto backup = backups_.find(fqdn);
  return backup == backups_.end() ? fqdn : backup->second;
}

bool Hosting::IsXmppStandby(const EdgePool& pool) const { return standbys_.contains(pool.name); }

bool Hosting::ServesXmpp(const EdgePool& pool) const {
  if (IsDeclaredHost(Protocol::kXmpp, pool.name)) return true;
  return pool.condition == EdgePool::Condition::kInService && IsXmppStandby(pool);
}

bool IsDirectorOf(const Organization& organization, std::string_view fqdn, std::string_view pool) {
  const auto& directors = organization.directors;
  return std::any_of(directors.begin(), directors.end(), [&](const auto& entry) {
    return entry.second.fqdn == fqdn && entry.second.edge_pool == pool;
  });
}

}  // namespace poolshift
