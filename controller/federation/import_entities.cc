#include <algorithm>
#include <set>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"

#include "controller/federation/import.h"
#include "controller/federation/import_machines.h"
#include "controller/federation/listed_kinds.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

std::string NameAt(const Value& properties, std::string_view key) {
  return absl::AsciiStrToLower(std::string(properties.StringOr(key, "")));
}

std::vector<std::string> Texts(const Value* list) {
  std::vector<std::string> texts;
  if (list == nullptr || !list->is_list()) return texts;
  for (const Value& item : list->list())
    if (item.is_string()) texts.push_back(absl::AsciiStrToLower(item.string()));
  return texts;
}

// Several providers know the same machine, each for what it runs.
Value Union(const Value::List& some, const Value::List& more) {
  std::set<Value> all(some.begin(), some.end());
  all.insert(more.begin(), more.end());
  return Value::List(all.begin(), all.end());
}

// The one site that the provider is responsible for, "" when that are several or any.
std::string OnlySiteOf(const Organization& seed, const std::string& provider) {
  const auto declared = seed.providers.find(provider);
  if (declared == seed.providers.end()) return "";
  std::set<std::string> sites;
  for (const Responsibility& serves : declared->second.serves) {
    if (serves.sites.size() != 1) return "";
    sites.insert(serves.sites.front());
  }
  return sites.size() == 1 && *sites.begin() != "*" ? *sites.begin() : "";
}

// What every provider says of an entity, in one. They may complete each other, not disagree.
class Merged {
 public:
  absl::Status Add(const std::string& provider, const Listed& entity) {
    const std::string shown = ToString(entity.id);
    const KindSchema* schema = listed::FindSchema(entity.id.kind);
    if (schema == nullptr) {
      return absl::InvalidArgumentError("provider `" + provider + "` listed " + shown +
                                        ", which is nothing that can be declared");
    }
    const std::vector<std::string> faults = Violations(*schema, entity.properties);
    if (!faults.empty()) {
      return absl::InvalidArgumentError("provider `" + provider + "` listed " + shown + ": " +
                                        faults.front());
    }
    ResourceId id = entity.id;
    if (id.kind != listed::kSite) id.name = absl::AsciiStrToLower(id.name);
    const bool is_machine = id.kind == listed::kEdgeServer;
    Value& merged = entities_.try_emplace(std::move(id), Value::Map{}).first->second;
    for (const auto& [key, value] : entity.properties.map()) {
      const Value* said = merged.Find(key);
      if (said != nullptr && is_machine && value.is_list()) {
        merged.Set(key, Union(said->list(), value.list()));
        continue;
      }
      if (said != nullptr && *said != value) {
        return absl::FailedPreconditionError(
            "providers disagree on " + shown + '.' + key + ": " + CanonicalText(*said) + " and " +
            CanonicalText(value) + " (`" + provider + "`); remove one of them from the seed");
      }
      merged.Set(key, value);
    }
    return absl::OkStatus();
  }

  // Where its providers are responsible is where a machine stands, when none says another site and
  // all are responsible for the same.
  void InferSite(const std::string& fqdn, const std::set<std::string>& sites) {
    Value& merged = entities_.at({std::string(listed::kEdgeServer), fqdn});
    if (merged.Find("site") == nullptr && sites.size() == 1) merged.Set("site", *sites.begin());
  }

  const std::map<ResourceId, Value>& entities() const { return entities_; }

 private:
  std::map<ResourceId, Value> entities_;
};

class EntityMaker {
 public:
  explicit EntityMaker(const Organization& seed) {
    made_.organization = seed;
    for (const auto& [name, pool] : seed.edge_pools)
      Know(name, pool.fqdn);
    for (const auto& [name, pool] : seed.front_end_pools)
      Know(name, pool.fqdn);
    for (const auto& [name, pool] : seed.directors)
      Know(name, pool.fqdn);
  }

  Imported Run(const std::map<ResourceId, Value>& entities) {
    for (const auto& [id, properties] : entities)
      Name(id);
    for (const auto& [id, properties] : entities) {
      if (id.kind == listed::kSite) AddSite(id.name);
      if (id.kind == listed::kPartner) AddPartner(id.name, properties);
      if (declared_.count(id.name) > 0) continue;
      if (id.kind == listed::kEdgePool) AddEdgePool(id.name, properties);
      if (id.kind == listed::kFrontEndPool) AddFrontEndPool(id.name, properties);
      if (id.kind == listed::kDirector) AddDirector(id.name, properties);
    }
    return std::move(made_);
  }

 private:
  void Know(const std::string& name, const std::string& fqdn) {
    name_of_[fqdn] = name;
    used_.insert(name);
    declared_.insert(fqdn);
  }

  // Pools are called by their host label; where two share it, by their whole name.
  void Name(const ResourceId& id) {
    const bool pool = id.kind == listed::kEdgePool || id.kind == listed::kFrontEndPool ||
                      id.kind == listed::kDirector;
    if (!pool || name_of_.count(id.name) > 0) return;
    std::string name = id.name.substr(0, id.name.find('.'));
    if (!used_.insert(name).second) {
      name = id.name;
      std::replace(name.begin(), name.end(), '.', '-');
      used_.insert(name);
    }
    name_of_[id.name] = name;
  }

  std::string NameOf(const std::string& fqdn) const {
    const auto found = name_of_.find(fqdn);
    return found == name_of_.end() ? "" : found->second;
  }

  void AddSite(const std::string& name) {
    Site& site = made_.organization.sites.try_emplace(name).first->second;
    site.name = name;
  }

  void Remarks(std::string_view kind, const std::string& name, std::string member, std::string t) {
    made_.remarks.push_back({std::string(kind), name, std::move(member), std::move(t)});
  }

  std::string SiteOf(std::string_view kind, const std::string& name, const Value& properties) {
    std::string site(properties.StringOr("site", ""));
    if (!site.empty()) {
      AddSite(site);
    } else {
      Remarks(kind, name, "site", "not observable: write the site that it stands in");
    }
    return site;
  }

  void AddEdgePool(const std::string& fqdn, const Value& properties) {
    EdgePool pool;
    pool.name = NameOf(fqdn);
    pool.fqdn = fqdn;
    pool.site = SiteOf(listed::kEdgePool, pool.name, properties);
    const auto product = ProductNamed(properties.StringOr("product", ""));
    if (product.has_value()) {
      pool.products = {*product};
    } else {
      Remarks(listed::kEdgePool,
              pool.name,
              "product",
              std::string(poolshift::Name(pool.products.front())) +
                  " is assumed, since it is not observable; write another if it is one");
    }
    pool.access_edge_fqdn = NameAt(properties, "accessEdge");
    pool.web_conferencing_fqdn = NameAt(properties, "webConferencing");
    pool.av_fqdn = NameAt(properties, "av");
    const Value* servers = properties.Find("servers");
    if (servers != nullptr && servers->is_list()) {
      for (const Value& server : servers->list())
        pool.servers.push_back({NameAt(server, "fqdn"), Texts(server.Find("addresses"))});
    }
    if (pool.access_edge_fqdn.empty())
      Remarks(listed::kEdgePool, pool.name, "accessEdge", "not observable: write its name");
    made_.organization.edge_pools[pool.name] = std::move(pool);
  }

  void AddFrontEndPool(const std::string& fqdn, const Value& properties) {
    FrontEndPool pool;
    pool.name = NameOf(fqdn);
    pool.fqdn = fqdn;
    pool.site = SiteOf(listed::kFrontEndPool, pool.name, properties);
    pool.servers = Texts(properties.Find("servers"));
    pool.backup_pool = NameOf(NameAt(properties, "backupPool"));
    made_.organization.front_end_pools[pool.name] = std::move(pool);
  }

  void AddDirector(const std::string& fqdn, const Value& properties) {
    Director director;
    director.name = NameOf(fqdn);
    director.fqdn = fqdn;
    director.site = SiteOf(listed::kDirector, director.name, properties);
    director.servers = Texts(properties.Find("servers"));
    director.edge_pool = NameOf(NameAt(properties, "edgePool"));
    made_.organization.directors[director.name] = std::move(director);
  }

  void AddPartner(const std::string& domain, const Value& properties) {
    const auto [place, added] = made_.organization.partners.try_emplace(domain);
    if (!added) return;
    Partner& partner = place->second;
    partner.domain = domain;
    partner.sip = properties.BooleanOr("sip", false);
    partner.xmpp = properties.BooleanOr("xmpp", false);
    Remarks(
        listed::kPartner,
        domain,
        "discovery",
        "how it finds us is not observable: where it configured a fixed name, write `direct` and "
        "that pinnedName");
    Remarks(listed::kPartner, domain, "contact", "write whom to call there");
  }

  Imported made_;
  std::map<std::string, std::string> name_of_;  // FQDN -> manifest name
  std::set<std::string> used_;                  // manifest names
  std::set<std::string> declared_;              // FQDNs of pools that the seed declares
};

}  // namespace

absl::StatusOr<Imported> ImportEntities(const Organization& seed, const Listings& listings) {
  Merged merged;
  std::map<std::string, std::set<std::string>> sites;  // that providers of a machine stand for
  for (const auto& [provider, entities] : listings) {
    const std::string site = OnlySiteOf(seed, provider);
    for (const Listed& entity : entities) {
      POOLSHIFT_TRY(merged.Add(provider, entity));
      if (entity.id.kind == listed::kEdgeServer && !site.empty())
        sites[absl::AsciiStrToLower(entity.id.name)].insert(site);
    }
  }
  for (const auto& [fqdn, inferred] : sites)
    merged.InferSite(fqdn, inferred);
  Imported imported = EntityMaker(seed).Run(merged.entities());
  AddMachines(merged.entities(), imported);
  return imported;
}

}  // namespace poolshift
