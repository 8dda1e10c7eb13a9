#include "providers/lync/platform/show_store.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

#include "controller/federation/kinds.h"
#include "providers/lync/text/console_text.h"
#include "providers/lync/text/json_value.h"

namespace poolshift::lync {
namespace {

std::string Lower(std::string_view text) {
  return absl::AsciiStrToLower({text.data(), text.size()});
}

// The item of a fact whose `key` leads to `name` after `canonical`; null when there is none.
template <typename Canonical>
const Value* FindItem(const Value::List& items,
                      std::string_view key,
                      std::string_view name,
                      Canonical canonical) {
  for (const Value& item : items) {
    if (item.is_map() && Lower(canonical(item.StringOr(key, ""))) == Lower(name)) return &item;
  }
  return nullptr;
}

// The two views of an Edge pool must agree; what the cmdlet says of ports is only a second opinion.
std::string Disagreement(const std::string& name,
                         const EdgePoolInDocument& pool,
                         const Value* service) {
  if (!pool.fault.empty()) return "Edge pool " + name + ": " + pool.fault;
  if (service == nullptr)
    return "Get-CsService has no Edge pool " + name + ", the topology has one";
  if (FqdnOfIdentity(service->StringOr("registrar", "")) != pool.next_hop)
    return "Edge pool " + name + ": Get-CsService and the topology name different next hops";
  if ((service->StringOr("xmppPort", "") == "5269") != pool.xmpp ||
      (service->StringOr("sipPort", "") == "5061") != pool.federation) {
    return "Edge pool " + name +
           ": Get-CsService and the topology say different things of its ports";
  }
  return "";
}

Observation ShowTopology(const Facts& store, const Bookkeeping& books) {
  if (store.document() == nullptr) return Unreachable(store.Why("document"));
  const Value* edges = store.Find("edges");
  if (edges == nullptr) return Unreachable(store.Why("edges"));
  const Value::List services = ItemsOf(edges);
  Value::Map pools;
  for (const auto& [name, pool] : store.document()->edge_pools()) {
    const std::string fault =
        Disagreement(name, pool, FindItem(services, "identity", name, &FqdnOfIdentity));
    if (!fault.empty()) return Unreachable(fault);
    pools[name] = Value::Map{
        {"federation", pool.federation}, {"xmpp", pool.xmpp}, {"nextHop", pool.next_hop}};
  }
  return Present({{"pools", std::move(pools)}, {"watermark", books.Newest()}});
}

Observation ShowSiteRoute(std::string_view name, const Facts& store, const Bookkeeping& books) {
  const Value* sites = store.Find("sites");
  if (sites == nullptr) return Unreachable(store.Why("sites"));
  const Value::List items = ItemsOf(sites);
  const Value* site = FindItem(items, "identity", name, &NameOfSite);
  if (site == nullptr) return Absent("Get-CsSite has no site `" + std::string(name) + "`");
  return Present({{"federation", FqdnOfIdentity(site->StringOr("federation", ""))},
                  {"xmpp", FqdnOfIdentity(site->StringOr("xmpp", ""))},
                  {"watermark", books.Newest()}});
}

// Nothing on the platform tells it: it is what this provider wrote and did not enable.
Observation ShowEnablement(const Facts& store, const Bookkeeping& books) {
  if (store.Find("central") == nullptr) return Unreachable(store.Why("central"));
  Observation seen = Present(
      {{"enabled", books.waiting() == Waiting::kNothing}, {"waiting", Name(books.waiting())}});
  seen.reason = "from this provider's own record: the platform does not tell it";
  return seen;
}

Observation ShowAssociation(std::string_view name, const Facts& store, const Bookkeeping& books) {
  const Value* services = store.Find("associations");
  if (services == nullptr) return Unreachable(store.Why("associations"));
  std::optional<std::string> first, registrar;
  bool consistent = true;
  for (const Value& service : ItemsOf(services)) {
    if (FqdnOfIdentity(service.StringOr("identity", "")) != Lower(name)) continue;
    const std::string edge = FqdnOfIdentity(service.StringOr("edge", ""));
    const std::string_view role = service.StringOr("role", "");
    if (role == "Registrar" || role == "Director") registrar = edge;
    if (!first) first = edge;
    consistent &= edge == *first;
  }
  if (!first)
    return Absent("Get-CsService has no Front End pool or Director `" + std::string(name) + "`");
  return Present({{"edgePool", registrar.value_or(*first)},
                  {"consistent", consistent},
                  {"watermark", books.Newest()}});
}

Observation ShowCentralStore(const Facts& store, const Bookkeeping& books) {
  const Value* central = store.Find("central");
  if (central == nullptr) return Unreachable(store.Why("central"));
  const std::string master = Lower(central->StringOr("master", ""));
  const bool alive = !master.empty() && !TextsOf(central->Find("agents")).empty();
  std::string pool = store.document() == nullptr ? "" : store.document()->PoolOf(master);
  if (pool.empty()) pool = master;  // it is given as the pool, or the document cannot be read
  // Every pool that could hold it is listed; when there is one, that one has it.
  const std::vector<std::string> pools = TextsOf(central->Find("pools"));
  if (pool.empty() && pools.size() == 1) pool = Lower(pools.front());
  return Present({{"activeMaster", alive ? pool : std::string()},
                  {"alive", alive},
                  {"pool", pool},
                  {"watermark", books.Newest()}});
}

Observation ShowAccess(const Facts& store) {
  const Value* access = store.Find("access");
  if (access == nullptr) return Unreachable(store.Why("access"));
  return Present({{"allowFederatedUsers", IsTrue(access->StringOr("federated", ""))},
                  {"enableFederationAccess", IsTrue(access->StringOr("federation", ""))},
                  {"enableXmppAccess", IsTrue(access->StringOr("xmpp", ""))}});
}

std::string Negotiation(std::string_view shown) {
  const std::string lower = Lower(shown);
  return lower == "notsupported" ? "notSupported" : lower;
}

Observation ShowPartner(std::string_view name, const Facts& store) {
  const Value* partners = store.Find("partners");
  if (partners == nullptr) return Unreachable(store.Why("partners"));
  const Value::List items = ItemsOf(partners);
  const auto as_it_is = [](std::string_view text) { return std::string(text); };
  const Value* partner = FindItem(items, "domain", name, as_it_is);
  if (partner == nullptr) partner = FindItem(items, "identity", name, as_it_is);
  if (partner == nullptr) return Absent("it is no allowed XMPP partner");
  const std::string tls = Negotiation(partner->StringOr("tls", ""));
  const std::string sasl = Negotiation(partner->StringOr("sasl", ""));
  const bool dialback = IsTrue(partner->StringOr("dialback", ""));
  return Present({{"tls", tls},
                  {"sasl", sasl},
                  {"dialback", dialback},
                  {"usable", kinds::CanAuthenticate(tls, sasl, dialback)}});
}

// What the version of its machines' replicas says; "" when they say nothing or differ.
std::string_view ProductOf(const Facts& store, const std::vector<MachineInDocument>& machines) {
  std::string_view product;
  const Value::List replicas = ItemsOf(store.Find("replicas"));
  for (const MachineInDocument& machine : machines) {
    const Value* replica = FindItem(
        replicas, "fqdn", machine.fqdn, [](std::string_view text) { return std::string(text); });
    const std::string_view version = replica == nullptr ? "" : replica->StringOr("version", "");
    const std::string_view one = version.starts_with("5.0.")   ? "lyncServer2013"
                                 : version.starts_with("6.0.") ? "skypeForBusiness2015"
                                 : version.starts_with("7.0.") ? "skypeForBusiness2019"
                                                               : "";
    if (!product.empty() && one != product) return "";
    product = one;
  }
  return product;
}

Listed ListEdgePool(const std::string& name, const EdgePoolInDocument& pool, const Facts& store) {
  Value::List servers;
  for (const MachineInDocument& machine : pool.machines)
    servers.emplace_back(
        Value::Map{{"fqdn", machine.fqdn}});  // public addresses: not known behind NAT
  Value::Map properties{{"site", pool.site},
                        {"accessEdge", pool.access_edge},
                        {"webConferencing", pool.web_conferencing},
                        {"av", pool.av},
                        {"servers", std::move(servers)}};
  const std::string_view product = ProductOf(store, pool.machines);
  if (!product.empty()) properties["product"] = product;
  return {{"EdgePool", name}, std::move(properties)};
}

Listed ListInternalPool(const std::string& name,
                        const InternalPoolInDocument& pool,
                        const Facts& store) {
  Value::Map properties{{"site", pool.site},
                        {"servers", Value::List(pool.machines.begin(), pool.machines.end())}};
  if (pool.director) {
    const Value::List services = ItemsOf(store.Find("associations"));
    const Value* director = FindItem(services, "identity", name, &FqdnOfIdentity);
    if (director != nullptr)
      properties["edgePool"] = FqdnOfIdentity(director->StringOr("edge", ""));
    return {{"Director", name}, std::move(properties)};
  }
  const Value* backups = store.Find("backups");
  if (backups != nullptr && backups->Find(name) != nullptr)
    properties["backupPool"] = FqdnOfIdentity(backups->StringOr(name, ""));
  return {{"FrontEndPool", name}, std::move(properties)};
}

}  // namespace

Observation Present(Value::Map properties) {
  Observation observation;
  observation.presence = Presence::kPresent;
  observation.properties = std::move(properties);
  return observation;
}

Observation Absent(std::string reason) {
  Observation observation;
  observation.presence = Presence::kAbsent;
  observation.reason = std::move(reason);
  return observation;
}

Observation Unreachable(std::string reason) {
  Observation observation;
  observation.reason = std::move(reason);
  return observation;
}

FactNames StoreFactsFor(std::string_view kind) {
  if (kind == kinds::kTopology) return {"document", "edges"};
  if (kind == kinds::kSiteRoute) return {"sites"};
  if (kind == kinds::kEnablement) return {"central"};
  if (kind == kinds::kEdgeAssociation) return {"associations"};
  if (kind == kinds::kCentralStore) return {"central", "document"};
  if (kind == kinds::kAccessConfig) return {"access"};
  if (kind == kinds::kXmppPartner) return {"partners"};
  if (kind == kinds::kReplica) return {"document", "replicas"};
  return {};
}

Observation ShowFromStore(const ResourceId& id,
                          const std::string& organization,
                          const Facts& store,
                          const Bookkeeping& books) {
  const bool of_all = id.kind == kinds::kTopology || id.kind == kinds::kEnablement ||
                      id.kind == kinds::kCentralStore || id.kind == kinds::kAccessConfig;
  if (of_all && id.name != organization) return Absent("no organisation `" + id.name + "` here");
  if (id.kind == kinds::kTopology) return ShowTopology(store, books);
  if (id.kind == kinds::kSiteRoute) return ShowSiteRoute(id.name, store, books);
  if (id.kind == kinds::kEnablement) return ShowEnablement(store, books);
  if (id.kind == kinds::kEdgeAssociation) return ShowAssociation(id.name, store, books);
  if (id.kind == kinds::kCentralStore) return ShowCentralStore(store, books);
  if (id.kind == kinds::kAccessConfig) return ShowAccess(store);
  return ShowPartner(id.name, store);
}

std::optional<std::int64_t> CreatedOf(const Facts& store, std::string_view server) {
  const Value::List replicas = ItemsOf(store.Find("replicas"));
  const Value* replica =
      FindItem(replicas, "fqdn", server, [](std::string_view text) { return std::string(text); });
  return replica == nullptr ? std::nullopt : Milliseconds(replica->StringOr("created", ""));
}

absl::StatusOr<std::vector<Listed>> ListFromStore(const Facts& store) {
  for (const std::string_view fact : {"document", "associations", "replicas", "domains"}) {
    if (fact == "document" ? store.document() == nullptr : store.Find(fact) == nullptr)
      return absl::UnavailableError(store.Why(fact));
  }
  std::vector<Listed> entities;
  for (const std::string& site : store.document()->sites())
    entities.push_back({{"Site", site}, Value::Map{}});
  for (const auto& [name, pool] : store.document()->edge_pools())
    entities.push_back(ListEdgePool(name, pool, store));
  for (const auto& [name, pool] : store.document()->internal_pools())
    entities.push_back(ListInternalPool(name, pool, store));
  std::map<std::string, std::pair<bool, bool>> partners;  // SIP, XMPP
  for (const std::string& domain : TextsOf(store.Find("domains")))
    partners[Lower(domain)].first = true;
  for (const Value& partner : ItemsOf(store.Find("partners")))
    partners[Lower(partner.StringOr("domain", ""))].second = true;
  for (const auto& [domain, by] : partners) {
    entities.push_back({{"Partner", domain}, Value::Map{{"sip", by.first}, {"xmpp", by.second}}});
  }
  return entities;
}

}  // namespace poolshift::lync
