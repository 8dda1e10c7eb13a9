#include "controller/manifest/derive.h"

#include <map>
#include <optional>

#include "controller/manifest/bind.h"
#include "controller/manifest/read_field.h"
#include "controller/manifest/text_check.h"

namespace poolshift::manifest {
namespace {

// The Edge pools of each site, by name.
std::map<std::string, std::vector<const EdgePool*>> PoolsBySite(const Organization& organization) {
  std::map<std::string, std::vector<const EdgePool*>> pools;
  for (const auto& [name, pool] : organization.edge_pools) {
    if (pool.in_topology()) pools[pool.site].push_back(&pool);  // the others have no conferencing
  }
  return pools;
}

std::string Listed(const std::vector<const EdgePool*>& pools) {
  std::string text;
  for (const EdgePool* pool : pools)
    text += (text.empty() ? "`" : ", `") + pool->name + '`';
  return text;
}

void UseLocalPool(const EdgePool& local, FrontEndPool& pool, Diagnostics& diagnostics) {
  pool.conferencing = local.name;
  if (local.condition == EdgePool::Condition::kInService) return;
  if (local.stand_in.empty()) {
    diagnostics.Warning(
        pool.conferencing_origin,
        "the local Edge pool `" + local.name + "` is out of service and has no stand-in",
        "give it `standIn:`, or name another pool in `conferencing:`");
    return;
  }
  pool.conferencing = local.stand_in;
  pool.conferencing_is_temporary = true;
}

}  // namespace

void DeriveHosts(const Directory& directory, Organization& organization) {
  Hosts standard;
  const Document* document = directory.FindNamed(kOrganization, organization.name);
  if (document != nullptr) standard = BindHosts(*document, directory);
  for (auto& [name, site] : organization.sites) {
    if (site.hosts.federation.empty()) {
      site.hosts.federation = standard.federation;
      site.hosts.federation_origin = standard.federation_origin;
    }
    if (site.hosts.xmpp.empty()) {
      site.hosts.xmpp = standard.xmpp;
      site.hosts.xmpp_origin = standard.xmpp_origin;
    }
  }
}

void DeriveConferencing(const Directory& directory,
                        const std::vector<std::string>& names,
                        Organization& organization,
                        Diagnostics& diagnostics) {
  std::optional<std::map<std::string, std::vector<const EdgePool*>>> pools_of;
  for (const std::string& name : names) {
    FrontEndPool& pool = organization.front_end_pools.at(name);
    const Document* document = directory.FindNamed(kFrontEndPool, name);
    if (Text(document->At("conferencing")) != "local" || pool.site.empty()) continue;
    if (!pools_of.has_value()) pools_of = PoolsBySite(organization);
    const auto local = pools_of->find(pool.site);
    // Its site may be misspelt.
    if (local == pools_of->end() && pools_of->count("") > 0) continue;
    if (local == pools_of->end()) {
      diagnostics.Error(pool.conferencing_origin,
                        "site " + Quoted(pool.site) + " has no Edge pool",
                        "name one in `conferencing:` instead of `local`");
    } else if (local->second.size() > 1) {
      diagnostics.Error(
          pool.conferencing_origin,
          "site " + Quoted(pool.site) + " has several Edge pools: " + Listed(local->second),
          "name one in `conferencing:` instead of `local`");
    } else {
      UseLocalPool(*local->second.front(), pool, diagnostics);
    }
  }
}

}  // namespace poolshift::manifest
