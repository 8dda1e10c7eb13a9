#include "controller/federation/likeness.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"

#include "controller/federation/fence.h"
#include "controller/federation/roles.h"
#include "controller/federation/silence.h"
#include "controller/federation/view.h"
#include "controller/federation/way_inside.h"

namespace poolshift {
namespace {

Value TextList(const std::vector<std::string>& texts) {
  return Value::List(texts.begin(), texts.end());
}

class Painter {
 public:
  Painter(const Organization& organization, const ObservedState& observed)
      : organization_(organization), observed_(observed), view_(organization, observed) {
    const Value* store = observed.Properties(kinds::CentralStore(organization.name));
    watermark_ = std::max<std::int64_t>({1, view_.Watermark(), WatermarkOf(store)});
  }

  Value Paint() {
    PaintSites();
    PaintEdgePools();
    PaintFrontEndPools();
    PaintInsideWalls();
    PaintCentralStore();
    PaintNames();
    PaintStreams();
    PaintFences();
    PaintRecords();
    root_["world"] = "poolshift/v1";
    root_["organization"] = organization_.name;
    root_["edgePools"] = std::move(edge_pools_);
    root_["frontEndPools"] = std::move(front_end_pools_);
    root_["vantages"] = TextList(organization_.policy.vantages);
    root_["firewall"] = std::move(firewall_);
    return std::move(root_);
  }

 private:
  static std::int64_t WatermarkOf(const Value* properties) {
    return properties == nullptr ? 0 : properties->IntegerOr("watermark", 0);
  }

  std::string AnySite() const {
    return organization_.sites.empty() ? "unknown" : organization_.sites.begin()->first;
  }

  void PaintSites() {
    Value::Map sites;
    for (const auto& [name, site] : organization_.sites) {
      Value::Map tree;
      for (const Protocol protocol : kProtocols)
        tree[std::string(Member(protocol))] = view_.Route(site, protocol).value_or("");
      const Value* route = observed_.Properties(kinds::SiteRoute(name));
      tree["watermark"] = std::max<std::int64_t>(1, WatermarkOf(route));
      sites[name] = std::move(tree);
    }
    if (sites.empty()) sites[AnySite()] = Value::Map{};
    root_["sites"] = std::move(sites);
  }

  void PaintEdgePools() {
    if (organization_.has_central_store()) PaintTopology();
    for (const auto& [name, pool] : organization_.edge_pools) {
      if (pool.in_topology()) continue;
      Value::Map tree{{"federation", HasRole(pool, Role(Protocol::kSip))},
                      {"xmpp", HasRole(pool, Role(Protocol::kXmpp))}};
      PaintDeclared(pool, tree);
      edge_pools_[pool.fqdn] = std::move(tree);
    }
  }

  void PaintTopology() {
    const Value* topology = observed_.Properties(kinds::Topology(organization_.name));
    int unknown = 0;
    for (const auto& [fqdn, published] : topology->Find("pools")->map()) {
      Value::Map tree = published.map();
      const std::string next_hop(published.StringOr("nextHop", ""));
      if (!next_hop.empty()) next_hops_.insert(next_hop);
      const std::string name = view_.PoolOf(fqdn);
      if (name.empty()) {
        tree["site"] = AnySite();
        tree["servers"] = Value::Map{
            {"server." + fqdn,
             Value::Map{
                 {"addresses", Value::List{"192.0.2." + std::to_string(200 + unknown++ % 50)}}}}};
      } else {
        PaintDeclared(organization_.edge_pools.at(name), tree);
      }
      edge_pools_[fqdn] = std::move(tree);
    }
  }

  void PaintDeclared(const EdgePool& pool, Value::Map& tree) {
    tree["site"] = pool.site;
    tree["accessEdge"] = pool.access_edge_fqdn;
    if (!pool.web_conferencing_fqdn.empty()) tree["webConferencing"] = pool.web_conferencing_fqdn;
    if (!pool.av_fqdn.empty()) tree["av"] = pool.av_fqdn;
    Value::Map servers;
    for (const EdgeServer& server : pool.servers) {
      servers[server.fqdn] = PaintServer(server);
      for (const Protocol protocol : kProtocols) {
        const Value* certificate =
            observed_.Properties(kinds::Certificate(server.fqdn, CertificateUse(pool, protocol)));
        if (certificate != nullptr) tree["certificate"] = *certificate;
      }
    }
    tree["servers"] = std::move(servers);
  }

  Value PaintServer(const EdgeServer& server) {
    Value::Map tree{{"addresses", TextList(server.addresses)}};
    const bool answers = Answers(server);
    Value::Map services;
    for (const std::string_view role : kinds::kRoles) {
      const Value* service = observed_.Properties(kinds::EdgeService(server.fqdn, role));
      if (service == nullptr) continue;
      services[std::string(role)] =
          Value::Map{{"state", service->StringOr("state", "running")},
                     {"startMode", service->StringOr("startMode", "automatic")}};
    }
    const Value* replica = observed_.Properties(kinds::Replica(server.fqdn));
    if (services.empty() && replica == nullptr && !answers) {
      tree["power"] = "off";
      return tree;
    }
    tree["services"] = std::move(services);
    if (const Value* installed = observed_.Properties(kinds::EdgeComponents(server.fqdn)))
      tree["installed"] = *installed;
    if (replica != nullptr && WatermarkOf(replica) < watermark_)
      tree["replica"] = Value::Map{{"watermark", WatermarkOf(replica)}};
    PaintInside(server, tree);
    PaintWalls(server);
    lit_.insert(server.fqdn);
    return tree;
  }

  // Of a server that could tell, and was not read, one way inside is supposed, as its gate does not
  // open without: a rehearsal shows the rest of the run.
  void PaintInside(const EdgeServer& server, Value::Map& tree) const {
    const WayInside way = WayInsideOf(view_, server.fqdn);
    if (way != WayInside::kNotTold) tree["waysInside"] = way == WayInside::kNone ? 0 : 1;
  }

  bool Answers(const EdgeServer& server) const {
    for (const std::string& address : server.addresses) {
      for (const std::string& vantage : view_.vantages()) {
        for (const Protocol protocol : kProtocols) {
          const Value* seen =
              observed_.Properties(kinds::Reachability(address, Port(protocol)), vantage);
          if (seen != nullptr && !IsWalled(*seen)) return true;
        }
      }
    }
    return false;
  }

  // A port without an answer although the server lives: something in between drops or sends back.
  void PaintWalls(const EdgeServer& server) {
    for (const std::string& address : server.addresses) {
      for (const std::string& vantage : view_.vantages()) {
        for (const Protocol protocol : kProtocols) {
          const Value* seen =
              observed_.Properties(kinds::Reachability(address, Port(protocol)), vantage);
          if (seen == nullptr || !IsWalled(*seen) || view_.IsFenced(server, protocol)) continue;
          PaintWall(vantage.empty() ? "*" : vantage, address, Port(protocol), *seen);
        }
      }
    }
  }

  void PaintWall(const std::string& from, const std::string& to, int port, const Value& seen) {
    firewall_.emplace_back(
        Value::Map{{"from", from},
                   {"to", to},
                   {"port", port},
                   {"answer", seen.StringOr("state", "") == "filtered" ? "drop" : "unreachable"}});
  }

  // What Front End servers saw of Edge servers. One without power drops everything anyhow, and
  // would go on doing so when it is back.
  void PaintInsideWalls() {
    std::set<std::string, std::less<>> front_ends;
    for (const auto& [name, pool] : organization_.front_end_pools)
      front_ends.insert(pool.servers.begin(), pool.servers.end());
    for (const auto& [key, seen] : observed_.observations) {
      if (key.id.kind != kinds::kReachability || !front_ends.contains(key.vantage) ||
          seen.presence != Presence::kPresent || !IsWalled(seen.properties))
        continue;
      const std::size_t slash = key.id.name.rfind('/');
      int port = 0;
      const std::string to = key.id.name.substr(0, slash);
      if (!lit_.contains(to) || !absl::SimpleAtoi(key.id.name.substr(slash + 1), &port)) continue;
      PaintWall(key.vantage, to, port, seen.properties);
    }
  }

  // Of services that disagree only the Registrar's pool is seen; the others use another one.
  Value ServicesOf(const Value& association) const {
    const std::string seen(association.StringOr("edgePool", ""));
    if (association.BooleanOr("consistent", true)) return seen;
    const auto other = std::find_if(edge_pools_.begin(), edge_pools_.end(), [&](const auto& pool) {
      return pool.first != seen;
    });
    if (other == edge_pools_.end()) return seen;
    return Value::Map{{"registrar", seen}, {"conferencing", other->first}, {"mediation", seen}};
  }

  void PaintFrontEndPools() {
    for (const auto& [name, pool] : organization_.front_end_pools) {
      Value::Map servers;
      for (const std::string& server : pool.servers) {
        const bool up = observed_.Properties(kinds::Replica(server)) != nullptr;
        servers[server] = up ? Value::Map{} : Value::Map{{"power", "off"}};
      }
      Value::Map tree{{"site", pool.site}, {"servers", std::move(servers)}};
      const Value* association = observed_.Properties(kinds::EdgeAssociation(pool.fqdn));
      if (association != nullptr) tree["edgePool"] = ServicesOf(*association);
      tree["associationWatermark"] = std::max<std::int64_t>(1, WatermarkOf(association));
      const auto backup = organization_.front_end_pools.find(pool.backup_pool);
      if (backup != organization_.front_end_pools.end()) tree["backupPool"] = backup->second.fqdn;
      const Value* failover = observed_.Properties(kinds::PoolFailover(pool.fqdn));
      if (failover != nullptr) tree["servedBy"] = failover->StringOr("servedBy", "home");
      front_end_pools_[pool.fqdn] = std::move(tree);
    }
    Value::Map directors;
    for (const auto& [name, director] : organization_.directors) {
      next_hops_.erase(director.fqdn);
      const auto edge = organization_.edge_pools.find(director.edge_pool);
      const bool is_there =
          edge != organization_.edge_pools.end() && edge_pools_.contains(edge->second.fqdn);
      const std::string declared = is_there ? edge->second.fqdn : "";
      const Value* association = observed_.Properties(kinds::EdgeAssociation(director.fqdn));
      directors[director.fqdn] = Value::Map{
          {"site", director.site},
          {"edgePool",
           association == nullptr ? declared : association->StringOr("edgePool", declared)},
          {"servers", TextList(director.servers)}};
    }
    if (!directors.empty()) root_["directors"] = std::move(directors);
    for (const std::string& fqdn : next_hops_)
      AddUnknownFrontEnd(fqdn);
  }

  void AddUnknownFrontEnd(const std::string& fqdn) {
    front_end_pools_.try_emplace(
        fqdn,
        Value::Map{{"site", AnySite()}, {"servers", Value::Map{{"server." + fqdn, Value::Map{}}}}});
  }

  void PaintCentralStore() {
    const Value* seen = observed_.Properties(kinds::CentralStore(organization_.name));
    std::string master(seen == nullptr ? "" : seen->StringOr("activeMaster", ""));
    if (master.empty() && seen != nullptr) master = seen->StringOr("pool", "");  // it is dead
    const auto declared = organization_.front_end_pools.find(organization_.central_store);
    if (master.empty() && declared != organization_.front_end_pools.end())
      master = declared->second.fqdn;
    if (!master.empty()) AddUnknownFrontEnd(master);
    root_["centralStore"] = Value::Map{{"pool", master},
                                       {"alive", seen == nullptr || seen->BooleanOr("alive", true)},
                                       {"watermark", watermark_},
                                       {"notEnabled", NotEnabled()}};
  }

  std::string NotEnabled() const {
    const Value* seen = observed_.Properties(kinds::Enablement(organization_.name));
    return seen == nullptr ? "" : std::string(seen->StringOr("waiting", ""));
  }

  void PaintNames() {
    Value::Map domains;
    for (const auto& [name, domain] : organization_.domains) {
      domains[name] =
          Value::Map{{"sip", domain.sip.has_value()}, {"xmpp", domain.xmpp.has_value()}};
    }
    root_["domains"] = std::move(domains);
    Value::Map partners;
    for (const auto& [name, partner] : organization_.partners) {
      Value::Map tree{{"sip", partner.sip}, {"xmpp", partner.xmpp}};
      const Value* seen = observed_.Properties(kinds::XmppPartner(partner.domain));
      if (seen != nullptr) {
        for (const auto& [key, value] : seen->map())
          if (key != "usable") tree[key] = value;  // follows from the others
      }
      partners[partner.domain] = std::move(tree);
    }
    root_["partners"] = std::move(partners);
    const Value* access = observed_.Properties(kinds::AccessConfig(organization_.name));
    if (access != nullptr) root_["accessConfig"] = *access;
  }

  // Who is connected where: partners stay where they are when records move. Which of them holds a
  // stream cannot be seen, so each holds one to every server that has any.
  void PaintStreams() {
    Value::List links;
    for (const Protocol protocol : kProtocols) {
      Value::Map servers;
      for (const auto& [key, seen] : observed_.observations) {
        const std::string end = '/' + std::string(Name(protocol));
        const bool open = key.id.kind == kinds::kStreams && key.id.name.ends_with(end) &&
                          seen.properties.StringOr("state", "") == "open";
        if (open) servers[key.id.name.substr(0, key.id.name.size() - end.size())] = 0;
      }
      if (servers.empty()) continue;
      for (const std::string& partner : PartnersOf(protocol)) {
        for (const auto& [domain, declared] : organization_.domains) {
          if (!Speaks(declared, protocol)) continue;
          links.emplace_back(Value::Map{{"partner", partner},
                                        {"domain", domain},
                                        {"protocol", Name(protocol)},
                                        {"servers", servers}});
        }
      }
    }
    if (!links.empty()) root_["links"] = std::move(links);
  }

  // Domains of those who are declared; of somebody when nobody is.
  std::vector<std::string> PartnersOf(Protocol protocol) {
    std::vector<std::string> domains;
    for (const auto& [name, partner] : organization_.partners)
      if (Speaks(partner, protocol)) domains.push_back(partner.domain);
    if (!domains.empty()) return domains;
    const std::string somebody = std::string(Name(protocol)) + "-partner.invalid";
    Value partners = root_["partners"];
    partners.Set(
        somebody,
        Value::Map{{"sip", protocol == Protocol::kSip}, {"xmpp", protocol == Protocol::kXmpp}});
    root_["partners"] = std::move(partners);
    return {somebody};
  }

  void PaintFences() {
    Value::Map fences;
    for (const auto& [key, seen] : observed_.observations) {
      if (key.id.kind != kinds::kFence || seen.presence != Presence::kPresent) continue;
      const std::string mode(seen.properties.StringOr("mode", "none"));
      const std::optional<absl::Time> expiry = FenceExpiry(seen.properties);
      if (mode == "none" && !expiry.has_value()) continue;
      fences[key.id.name] =
          Value::Map{{"mode", mode == "none" ? "reset" : mode},  // it has run out
                     {"expires", expiry.has_value() ? absl::ToUnixMillis(*expiry) : -1}};
    }
    if (!fences.empty()) root_["fences"] = std::move(fences);
  }

  void PaintRecords() {
    Value::Map records;
    for (const auto& [key, seen] : observed_.observations) {
      if (key.id.kind != kinds::kDnsRecordSet || seen.presence != Presence::kPresent) continue;
      // A name of others is seen from outside only (D16). The authority's word comes first.
      if (!key.vantage.empty() && records.contains(key.id.name)) continue;
      const Value* texts = seen.properties.Find("records");
      if (texts == nullptr || !texts->is_list() || texts->list().empty()) continue;
      records[key.id.name] =
          Value::Map{{"records", *texts}, {"ttl", seen.properties.IntegerOr("ttl", 300)}};
    }
    root_["dns"] = Value::Map{{"records", std::move(records)}};
  }

  const Organization& organization_;
  const ObservedState& observed_;
  const View view_;
  std::int64_t watermark_ = 1;
  std::set<std::string> next_hops_;
  std::set<std::string, std::less<>> lit_;  // Edge servers with power
  Value::Map root_, edge_pools_, front_end_pools_;
  Value::List firewall_;
};

}  // namespace

absl::StatusOr<Value> LikenessOf(const Organization& organization, const ObservedState& observed) {
  const Value* topology = observed.Properties(kinds::Topology(organization.name));
  if (!organization.has_central_store()) return Painter(organization, observed).Paint();
  if (topology == nullptr || topology->Find("pools") == nullptr ||
      !topology->Find("pools")->is_map()) {
    return absl::UnavailableError("cannot look at the topology of " + organization.name +
                                  ", so there is nothing to rehearse on; mend the provider");
  }
  return Painter(organization, observed).Paint();
}

}  // namespace poolshift
