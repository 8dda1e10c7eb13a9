#include <algorithm>

#include "controller/manifest/bind.h"
#include "controller/manifest/read_field.h"

namespace poolshift::manifest {
namespace {

// In which order a manifest lists servers means nothing, so no plan may depend on it.
std::vector<std::string> SortedNames(yaml::Node servers) {
  std::vector<std::string> names = DnsNames(servers);
  std::sort(names.begin(), names.end());
  return names;
}

// The internal FQDN of the Front End pool or Director that is the next hop.
std::string NextHopFqdn(const Document& document, const Directory& directory) {
  const yaml::Node node = document.At("nextHop");
  if (!node || !node.is_scalar()) return "";
  const auto found = directory.Find({kFrontEndPool, kDirector}, node.text());
  return found.document == nullptr ? "" : DnsName(found.document->At("fqdn"));
}

std::vector<EdgeServer> EdgeServers(yaml::Node servers) {
  std::vector<EdgeServer> all;
  if (!servers || !servers.is_list()) return all;
  for (yaml::Node item = servers.first(); item; item = item.next()) {
    if (item.is_map()) {
      all.push_back({DnsName(item.Find("fqdn")), Addresses(item.Find("addresses"))});
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.fqdn < b.fqdn; });
  return all;
}

// What the pool runs, in the order of the enumeration.
std::vector<Product> Products(yaml::Node node, std::vector<Product> standard) {
  std::vector<Product> products;
  for (const std::string& name : node&& node.is_list() ? Texts(node) : std::vector{Text(node)}) {
    if (const auto product = ProductNamed(name)) products.push_back(*product);
  }
  std::sort(products.begin(), products.end());
  return products.empty() ? standard : products;
}

}  // namespace

Site BindSite(const Document& document, const Directory& directory) {
  return {document.name, BindHosts(document, directory), document.origin()};
}

EdgePool BindEdgePool(const Document& document, const Directory& directory) {
  EdgePool pool;
  pool.name = document.name;
  pool.site = Referenced(document, directory, "site");
  pool.products = Products(document.At("product"), pool.products);
  pool.fqdn = pool.in_topology() ? DnsName(document.At("internalFqdn")) : pool.name;
  pool.access_edge_fqdn = DnsName(document.At("accessEdge.fqdn"));
  pool.web_conferencing_fqdn = DnsName(document.At("webConferencing.fqdn"));
  pool.av_fqdn = DnsName(document.At("av.fqdn"));
  pool.servers = EdgeServers(document.At("servers"));
  pool.next_hop = NextHopFqdn(document, directory);
  if (Text(document.At("condition")) == "outOfService") {
    pool.condition = EdgePool::Condition::kOutOfService;
  }
  pool.reason = Text(document.At("reason"));
  pool.stand_in = Referenced(document, directory, "standIn");
  pool.origin = document.origin();
  pool.condition_origin = document.OriginAt("condition");
  pool.product_origin = document.OriginAt("product");
  pool.next_hop_origin = document.OriginAt("nextHop");
  return pool;
}

FrontEndPool BindFrontEndPool(const Document& document, const Directory& directory) {
  FrontEndPool pool;
  pool.name = document.name;
  pool.site = Referenced(document, directory, "site");
  pool.fqdn = DnsName(document.At("fqdn"));
  pool.servers = SortedNames(document.At("servers"));
  pool.conferencing = Referenced(document, directory, "conferencing");
  const std::string served_by = Text(document.At("servedBy"));
  if (served_by == "home") pool.served_by = FrontEndPool::ServedBy::kHome;
  if (served_by == "backup") pool.served_by = FrontEndPool::ServedBy::kBackup;
  pool.served_by_origin = document.OriginAt("servedBy");
  pool.backup_pool = Referenced(document, directory, "backupPool");
  if (Text(document.At("condition")) == "outOfService")
    pool.condition = FrontEndPool::Condition::kOutOfService;
  pool.reason = Text(document.At("reason"));
  pool.origin = document.origin();
  pool.condition_origin = document.OriginAt("condition");
  pool.backup_origin = document.OriginAt("backupPool");
  pool.conferencing_origin = document.OriginAt("conferencing");
  return pool;
}

Director BindDirector(const Document& document, const Directory& directory) {
  Director director;
  director.name = document.name;
  director.site = Referenced(document, directory, "site");
  director.fqdn = DnsName(document.At("fqdn"));
  director.servers = SortedNames(document.At("servers"));
  director.edge_pool = Referenced(document, directory, "edgePool");
  director.origin = document.origin();
  return director;
}

}  // namespace poolshift::manifest
