#include "tests/federation/renamed.h"

#include <cctype>
#include <utility>
#include <vector>

#include "controller/federation/kinds.h"
#include "controller/model/digest.h"

namespace poolshift {
namespace {

template <typename Entities>
void Exchange(const Entities& entities, Dice& dice, std::map<std::string, std::string>& names) {
  std::vector<std::string> shuffled;
  for (const auto& [name, entity] : entities)
    shuffled.push_back(name);
  for (std::size_t i = shuffled.size(); i > 1; --i)
    std::swap(shuffled[i - 1], shuffled[dice.Below(i)]);
  std::size_t next = 0;
  for (const auto& [name, entity] : entities)
    names[name] = shuffled[next++];
}

bool IsWord(char letter) { return std::isalnum(static_cast<unsigned char>(letter)) != 0; }

}  // namespace

Renaming::Renaming(const Organization& organization, Dice& dice) {
  Exchange(organization.sites, dice, names_);
  Exchange(organization.edge_pools, dice, names_);
  Exchange(organization.front_end_pools, dice, names_);
}

std::string Renaming::Of(const std::string& text) const {
  std::string renamed;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && IsWord(text[end]))
      ++end;
    const std::string word = text.substr(at, end - at);
    const auto found = names_.find(word);
    renamed += found == names_.end() ? word : found->second;
    if (end < text.size()) renamed += text[end];
    at = end + 1;
  }
  return renamed;
}

Value Renaming::Of(const Value& value) const {
  if (value.is_string()) return Of(value.string());
  if (value.is_list()) {
    Value::List list;
    for (const Value& item : value.list())
      list.push_back(Of(item));
    return list;
  }
  if (!value.is_map()) return value;
  Value::Map map;
  for (const auto& [name, member] : value.map())
    map.emplace(Of(name), Of(member));
  return map;
}

Hosts Renaming::Of(Hosts hosts) const {
  hosts.federation = Of(hosts.federation);
  hosts.xmpp = Of(hosts.xmpp);
  return hosts;
}

Organization Renaming::Of(const Organization& organization) const {
  Organization renamed = organization;
  renamed.central_store = Of(organization.central_store);
  renamed.sites.clear();
  for (const auto& [name, declared] : organization.sites) {
    auto site = declared;
    site.name = Of(site.name);
    site.hosts = Of(site.hosts);
    renamed.sites[site.name] = site;
  }
  renamed.edge_pools.clear();
  for (const auto& [name, declared] : organization.edge_pools) {
    auto pool = declared;
    for (std::string* text : {&pool.name, &pool.site, &pool.fqdn, &pool.next_hop, &pool.stand_in})
      *text = Of(*text);
    renamed.edge_pools[pool.name] = pool;
  }
  renamed.front_end_pools.clear();
  for (const auto& [name, declared] : organization.front_end_pools) {
    auto pool = declared;
    for (std::string* text :
         {&pool.name, &pool.site, &pool.fqdn, &pool.conferencing, &pool.backup_pool})
      *text = Of(*text);
    renamed.front_end_pools[pool.name] = pool;
  }
  for (auto& [name, domain] : renamed.domains) {
    if (domain.xmpp.has_value()) {
      for (std::string& pool : domain.xmpp->order)
        pool = Of(pool);
    }
    for (std::string& pool : domain.remote_access_order)
      pool = Of(pool);
  }
  return renamed;
}

ObservedState Renaming::Of(const ObservedState& observed) const {
  ObservedState renamed;
  for (const auto& [known_key, known] : observed.observations) {
    ObservationKey key = known_key;
    Observation seen = known;
    key.id.name = Of(key.id.name);
    seen.properties = Of(seen.properties);
    if (!seen.revision.empty()) {
      const KindSchema& schema = *kinds::FindKindSchema(key.id.kind);
      seen.revision = RevisionOf(WritablePart(schema, seen.properties));
    }
    renamed.observations.emplace(std::move(key), std::move(seen));
  }
  return renamed;
}

}  // namespace poolshift
