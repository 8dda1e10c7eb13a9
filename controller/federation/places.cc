#include "controller/federation/places.h"

namespace poolshift {
namespace {

std::string_view FirstPart(const ResourceId& id) {
  return std::string_view(id.name).substr(0, id.name.find('/'));
}

}  // namespace

Places::Places(const Organization& organization) : organization_(organization) {
  for (const auto& [name, pool] : organization.edge_pools) {
    const Place place{pool.site, pool.fqdn};
    by_name_[pool.fqdn] = place;
    for (const EdgeServer& server : pool.servers) {
      by_name_[server.fqdn] = place;
      for (const std::string& address : server.addresses)
        by_name_[address] = place;
    }
  }
  for (const auto& [name, pool] : organization.front_end_pools) {
    const Place place{pool.site, pool.fqdn};
    by_name_[pool.fqdn] = place;
    for (const std::string& server : pool.servers)
      by_name_[server] = place;
  }
}

const Places::Place* Places::Find(const ResourceId& id) const {
  const auto found = by_name_.find(FirstPart(id));
  return found == by_name_.end() ? nullptr : &found->second;
}

std::string Places::SiteOf(const ResourceId& id) const {
  const auto site = organization_.sites.find(std::string(FirstPart(id)));
  if (site != organization_.sites.end()) return site->first;
  const Place* place = Find(id);
  return place == nullptr ? "" : place->site;
}

std::string Places::PoolOf(const ResourceId& id) const {
  const Place* place = Find(id);
  return place == nullptr ? "" : place->pool;
}

}  // namespace poolshift
