#include "controller/federation/import_machines.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"

#include "controller/federation/import_records.h"
#include "controller/federation/listed_kinds.h"
#include "controller/federation/roles.h"

namespace poolshift {
namespace {

std::vector<std::string> TextsAt(const Value& properties, std::string_view key) {
  std::vector<std::string> texts;
  const Value* list = properties.Find(key);
  if (list == nullptr || !list->is_list()) return texts;
  for (const Value& item : list->list())
    if (item.is_string()) texts.push_back(absl::AsciiStrToLower(item.string()));
  return texts;
}

class MachineAdder {
 public:
  explicit MachineAdder(Imported& imported)
      : imported_(imported), organization_(imported.organization) {
    for (const auto& [name, pool] : organization_.edge_pools) {
      known_.insert(name);
      for (const EdgeServer& server : pool.servers)
        placed_.insert(server.fqdn);
    }
  }

  void Add(const std::string& fqdn, const Value& properties) {
    if (placed_.contains(fqdn)) return;  // what the seed declares stays as it is
    const std::set<Product> products = Products(properties);
    const std::string said(properties.StringOr("pool", ""));
    if (products.empty()) {
      Say("Organization",
          organization_.name,
          "",
          "left out: " + fqdn + ", since its provider does not say what it runs");
      return;
    }
    if (known_.contains(said)) {
      Say(listed::kEdgePool,
          said,
          "servers",
          "left out: " + fqdn + ", which its provider places in this pool; the seed does not");
      return;
    }
    EdgePool& pool = PoolFor(said.empty() ? fqdn : said);
    pool.servers.push_back({fqdn, {}});
    Complete(pool, products, std::string(properties.StringOr("site", "")));
    ListedMachine& machine = imported_.machines[fqdn];
    machine.in_named_pool = !said.empty();
    if (properties.Find("addresses") != nullptr)
      machine.addresses = TextsAt(properties, "addresses");
    if (properties.Find("domains") != nullptr) machine.domains = TextsAt(properties, "domains");
  }

 private:
  void Say(std::string_view kind, const std::string& name, std::string member, std::string text) {
    imported_.remarks.push_back({std::string(kind), name, std::move(member), std::move(text)});
  }

  static std::set<Product> Products(const Value& properties) {
    std::set<Product> products;
    for (const std::string& name : TextsAt(properties, "products")) {
      const auto product = ProductNamed(name);
      if (product.has_value() && !IsInTopology(*product)) products.insert(*product);
    }
    return products;
  }

  EdgePool& PoolFor(const std::string& name) {
    const auto [place, added] = organization_.edge_pools.try_emplace(name);
    if (added) {
      place->second.name = place->second.fqdn = name;
      place->second.products.clear();
    }
    return place->second;
  }

  // What the machine adds to its pool.
  void Complete(EdgePool& pool, std::set<Product> products, const std::string& site) {
    products.insert(pool.products.begin(), pool.products.end());
    pool.products.assign(products.begin(), products.end());
    if (site.empty() || site == pool.site) return;
    if (!pool.site.empty()) {
      Say(listed::kEdgePool,
          pool.name,
          "site",
          pool.servers.back().fqdn + " stands in " + site +
              " by its provider's settings: a pool "
              "stands in one site");
      return;
    }
    pool.site = site;
    organization_.sites.try_emplace(site).first->second.name = site;
  }

  Imported& imported_;
  Organization& organization_;
  std::set<std::string> known_;   // pools that were there before
  std::set<std::string> placed_;  // their servers
};

}  // namespace

void AddMachines(const std::map<ResourceId, Value>& entities, Imported& imported) {
  MachineAdder adder(imported);
  for (const auto& [id, properties] : entities)
    if (id.kind == listed::kEdgeServer) adder.Add(id.name, properties);
  // Where there is only one site, that is where a pool stands.
  Organization& organization = imported.organization;
  if (organization.sites.size() != 1) return;
  for (auto& [name, pool] : organization.edge_pools) {
    if (pool.site.empty() && !pool.in_topology()) pool.site = organization.sites.begin()->first;
  }
}

std::vector<ResourceId> CertificatesOf(const EdgePool& pool, const EdgeServer& server) {
  std::vector<ResourceId> certificates;
  for (const Protocol protocol : kProtocols) {
    if (Speaks(pool, protocol))
      certificates.push_back(kinds::Certificate(server.fqdn, CertificateUse(pool, protocol)));
  }
  return certificates;
}

bool IsBelowADomain(const Organization& organization, const std::string& name) {
  if (name.empty() || name.front() == '*' || organization.domains.contains(name)) return false;
  for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1))
    if (organization.domains.contains(name.substr(dot + 1))) return true;
  return false;
}

std::vector<std::string> NamesOfMachines(const Organization& entities,
                                         const ObservedState& observed) {
  std::set<std::string> names;
  bool any = false;
  for (const auto& [name, pool] : entities.edge_pools) {
    if (pool.in_topology()) continue;
    any = true;
    for (const EdgeServer& server : pool.servers) {
      names.insert(server.fqdn);
      for (const ResourceId& id : CertificatesOf(pool, server)) {
        const Value* seen = observed.Properties(id);
        if (seen == nullptr) continue;
        const std::vector<std::string> shown = TextsAt(*seen, "names");
        names.insert(shown.begin(), shown.end());
      }
    }
  }
  if (!any) return {};
  for (const auto& [name, domain] : entities.domains) {
    for (const char* locator : {"_sipfederationtls._tcp.", "_xmpp-server._tcp.", "_sip._tls."}) {
      const Locator seen = LocatorAt(observed, locator + name);
      names.insert(seen.targets.begin(), seen.targets.end());
    }
  }
  std::erase_if(names, [&](const std::string& name) { return !IsBelowADomain(entities, name); });
  return {names.begin(), names.end()};
}

}  // namespace poolshift
