#include "controller/federation/hosting.h"

#include <algorithm>

namespace poolshift {

bool IsDeclared(const Organization& organization, Protocol protocol) {
  return std::any_of(organization.sites.begin(), organization.sites.end(), [&](const auto& site) {
    return !DeclaredHost(site.second, protocol).empty();
  });
}

bool IsDeclaredHost(const Organization& organization, Protocol protocol, std::string_view pool) {
  return std::any_of(organization.sites.begin(), organization.sites.end(), [&](const auto& site) {
    return DeclaredHost(site.second, protocol) == pool;
  });
}

bool IsXmppStandby(const Organization& organization, const EdgePool& pool) {
  const auto& domains = organization.domains;
  return std::any_of(domains.begin(), domains.end(), [&](const auto& entry) {
    const auto& xmpp = entry.second.xmpp;
    return xmpp.has_value() && xmpp->style == XmppDnsStyle::kStaticSrv &&
           std::count(xmpp->order.begin(), xmpp->order.end(), pool.name) > 0;
  });
}

bool ServesXmpp(const Organization& organization, const EdgePool& pool) {
  if (IsDeclaredHost(organization, Protocol::kXmpp, pool.name)) return true;
  return pool.condition == EdgePool::Condition::kInService && IsXmppStandby(organization, pool);
}

bool IsDirectorOf(const Organization& organization, std::string_view fqdn, std::string_view pool) {
  const auto& directors = organization.directors;
  return std::any_of(directors.begin(), directors.end(), [&](const auto& entry) {
    return entry.second.fqdn == fqdn && entry.second.edge_pool == pool;
  });
}

}  // namespace poolshift
