#include "controller/manifest/print.h"

#include "controller/manifest/emitter.h"
#include "controller/manifest/print_outside.h"
#include "controller/manifest/schema.h"

namespace poolshift {
namespace manifest {
namespace {

std::string NamedFqdn(const std::string& fqdn) {
  return fqdn.empty() ? "" : "{fqdn: " + Scalar(fqdn) + '}';
}

std::string TextOrNothing(const std::string& text) { return text.empty() ? "" : Scalar(text); }

void PrintHosts(const Hosts& hosts, Emitter& out) {
  if (hosts.federation.empty() && hosts.xmpp.empty()) return;
  out.Member("hosts",
             FlowMap({{"federation", TextOrNothing(hosts.federation)},
                      {"xmpp", TextOrNothing(hosts.xmpp)}}));
}

// The hosts that every site has, so that they can stand in one place.
Hosts CommonHosts(const Organization& organization) {
  Hosts hosts{organization.federation_host(), organization.xmpp_host(), {}, {}};
  for (const auto& [name, site] : organization.sites) {
    if (site.hosts.federation != hosts.federation) hosts.federation.clear();
    if (site.hosts.xmpp != hosts.xmpp) hosts.xmpp.clear();
  }
  return hosts;
}

void PrintSite(const Site& site, const Hosts& common, Emitter& out) {
  out.Document(kSite, site.name);
  Hosts own = site.hosts;
  if (own.federation == common.federation) own.federation.clear();
  if (own.xmpp == common.xmpp) own.xmpp.clear();
  PrintHosts(own, out);
}

// The manifest name behind an internal FQDN.
std::string NextHopName(const Organization& organization, const std::string& fqdn) {
  for (const auto& [name, pool] : organization.front_end_pools) {
    if (pool.fqdn == fqdn) return name;
  }
  for (const auto& [name, director] : organization.directors) {
    if (director.fqdn == fqdn) return name;
  }
  return fqdn;
}

void PrintProducts(const EdgePool& pool, Emitter& out) {
  std::vector<std::string> names;
  for (const Product product : pool.products)
    names.emplace_back(Name(product));
  if (names.size() > 1) {
    out.Member("product", FlowList(names));
  } else if (pool.products != EdgePool().products) {
    out.Text("product", names.front());
  }
}

void PrintEdgePool(const Organization& organization, const EdgePool& pool, Emitter& out) {
  out.Document(kEdgePool, pool.name);
  out.Text("site", pool.site);
  PrintProducts(pool, out);
  if (pool.in_topology()) out.Text("internalFqdn", pool.fqdn);
  out.Member("accessEdge", NamedFqdn(pool.access_edge_fqdn));
  if (!pool.web_conferencing_fqdn.empty()) {
    out.Member("webConferencing", NamedFqdn(pool.web_conferencing_fqdn));
  }
  if (!pool.av_fqdn.empty()) out.Member("av", NamedFqdn(pool.av_fqdn));
  out.Member("servers", "");
  for (const EdgeServer& server : pool.servers) {
    out.Entry(FlowMap({{"fqdn", Scalar(server.fqdn)}, {"addresses", FlowList(server.addresses)}}));
  }
  out.Text("nextHop", NextHopName(organization, pool.next_hop));
  const bool out_of_service = pool.condition == EdgePool::Condition::kOutOfService;
  out.Text("condition", out_of_service ? "outOfService" : "inService");
  out.Text("reason", pool.reason);
  out.Text("standIn", pool.stand_in);
}

void PrintFrontEndPool(const FrontEndPool& pool, Emitter& out) {
  out.Document(kFrontEndPool, pool.name);
  out.Text("site", pool.site);
  out.Text("fqdn", pool.fqdn);
  out.List("servers", pool.servers);
  out.Text("conferencing", pool.conferencing_is_temporary ? "local" : pool.conferencing);
  if (pool.served_by == FrontEndPool::ServedBy::kHome) out.Text("servedBy", "home");
  if (pool.served_by == FrontEndPool::ServedBy::kBackup) out.Text("servedBy", "backup");
  out.Text("backupPool", pool.backup_pool);
  if (pool.condition == FrontEndPool::Condition::kOutOfService)
    out.Text("condition", "outOfService");
  out.Text("reason", pool.reason);
}

void PrintDirector(const Director& director, Emitter& out) {
  out.Document(kDirector, director.name);
  out.Text("site", director.site);
  out.Text("fqdn", director.fqdn);
  out.List("servers", director.servers);
  out.Text("edgePool", director.edge_pool);
}

void PrintOrganization(const Organization& organization, Emitter& out) {
  const Hosts common = CommonHosts(organization);
  out.Document(kOrganization, organization.name);
  PrintHosts(common, out);
  out.Text("centralStore", organization.central_store);
  for (const auto& [name, site] : organization.sites)
    PrintSite(site, common, out);
}

void PrintPools(const Organization& organization, Emitter& out) {
  for (const auto& [name, pool] : organization.edge_pools)
    PrintEdgePool(organization, pool, out);
  for (const auto& [name, pool] : organization.front_end_pools)
    PrintFrontEndPool(pool, out);
  for (const auto& [name, director] : organization.directors)
    PrintDirector(director, out);
}

void PrintDomains(const Organization& organization, Emitter& out) {
  for (const auto& [name, domain] : organization.domains)
    PrintDomain(domain, out);
  for (const auto& [name, partner] : organization.partners)
    PrintPartner(partner, out);
}

void PrintProviders(const Organization& organization, Emitter& out) {
  for (const auto& [name, provider] : organization.providers)
    PrintProvider(provider, out);
  for (const auto& [name, notification] : organization.notifications)
    PrintNotification(notification, out);
}

}  // namespace
}  // namespace manifest

std::string PrintManifest(const Organization& organization, const std::vector<Remark>& remarks) {
  manifest::Emitter out(remarks);
  manifest::PrintOrganization(organization, out);
  manifest::PrintPools(organization, out);
  manifest::PrintDomains(organization, out);
  manifest::PrintProviders(organization, out);
  manifest::PrintPolicy(organization.policy, out);
  return out.Take();
}

std::map<std::string, std::string> PrintManifestFiles(const Organization& organization,
                                                      const std::vector<Remark>& remarks) {
  manifest::Emitter head(remarks), pools(remarks), domains(remarks), providers(remarks);
  manifest::PrintOrganization(organization, head);
  manifest::PrintPolicy(organization.policy, head);
  manifest::PrintPools(organization, pools);
  manifest::PrintDomains(organization, domains);
  manifest::PrintProviders(organization, providers);
  std::map<std::string, std::string> files{{"organization.yaml", head.Take()},
                                           {"pools.yaml", pools.Take()},
                                           {"domains.yaml", domains.Take()},
                                           {"providers.yaml", providers.Take()}};
  std::erase_if(files, [](const auto& file) { return file.second.empty(); });
  return files;
}

}  // namespace poolshift
