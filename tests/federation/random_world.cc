#include "tests/federation/random_world.h"

#include <algorithm>

#include "controller/federation/records.h"

namespace poolshift {
namespace {

std::string Number(std::size_t i) { return std::to_string(i + 1); }

void AddEdgePools(Dice& dice, Organization& organization) {
  const std::size_t pools = 1 + dice.Below(4);
  const std::size_t sites = organization.sites.size();
  for (std::size_t i = 0; i < pools; ++i) {
    EdgePool pool;
    pool.name = "edgepool" + Number(i);
    pool.site = "Site" + Number(i < sites ? i : dice.Below(sites));
    pool.fqdn = pool.name + ".contoso.com";
    pool.access_edge_fqdn = (i == 0 ? "sip" : "sip" + Number(i)) + ".contoso.com";
    pool.web_conferencing_fqdn = "webcon" + Number(i) + ".contoso.com";
    pool.av_fqdn = "av" + Number(i) + ".contoso.com";
    if (dice.Percent(80)) pool.next_hop = "frontend" + Number(dice.Below(sites)) + ".contoso.com";
    const std::size_t servers = 1 + dice.Below(3);
    const bool has_v6 = dice.Percent(20);
    for (std::size_t k = 0; k < servers; ++k) {
      EdgeServer server{"edge" + Number(i) + Number(k) + ".contoso.com",
                        {"203.0.113." + std::to_string(10 * (i + 1) + k)}};
      if (has_v6) server.addresses.push_back("2001:db8::" + Number(i) + Number(k));
      pool.servers.push_back(std::move(server));
    }
    organization.edge_pools[pool.name] = std::move(pool);
  }
}

std::string AnyPool(Dice& dice, const Organization& organization) {
  return std::next(organization.edge_pools.begin(),
                   static_cast<std::ptrdiff_t>(dice.Below(organization.edge_pools.size())))
      ->first;
}

void AddFrontEndPools(Dice& dice, Organization& organization) {
  for (std::size_t i = 0; i < organization.sites.size(); ++i) {
    FrontEndPool pool;
    pool.name = "frontend" + Number(i);
    pool.site = "Site" + Number(i);
    pool.fqdn = pool.name + ".contoso.com";
    pool.servers = {"fe" + Number(i) + "a.contoso.com"};
    if (dice.Percent(50)) pool.conferencing = AnyPool(dice, organization);
    if (dice.Percent(60)) pool.backup_pool = "frontend" + Number(i == 0 ? 1 : 0);
    if (dice.Percent(20)) pool.served_by = FrontEndPool::ServedBy::kHome;
    if (dice.Percent(5)) pool.served_by = FrontEndPool::ServedBy::kBackup;
    organization.front_end_pools[pool.name] = std::move(pool);
  }
}

void AddDomains(Dice& dice, Organization& organization) {
  const std::size_t domains = 1 + dice.Below(3);
  for (std::size_t i = 0; i < domains; ++i) {
    Domain domain;
    domain.name = i == 0 ? "contoso.com" : "contoso" + Number(i) + ".example";
    domain.zone = domain.name;
    if (dice.Percent(85)) {
      domain.sip.emplace();
      if (dice.Percent(10)) {
        domain.sip->style = SipDnsStyle::kGtm;
        domain.sip->gtm_name = "gtm." + domain.name;
      }
    }
    if (dice.Percent(85)) {
      domain.xmpp.emplace();
      domain.xmpp->host = "xmpp." + domain.name;
      if (dice.Percent(40)) {
        domain.xmpp->style = XmppDnsStyle::kStaticSrv;
        const std::size_t standbys = dice.Below(3);
        for (std::size_t k = 0; k < standbys; ++k) {
          const std::string pool = AnyPool(dice, organization);
          auto& order = domain.xmpp->order;
          if (std::count(order.begin(), order.end(), pool) == 0) order.push_back(pool);
        }
      }
    }
    if (dice.Percent(50)) domain.remote_access_order = {AnyPool(dice, organization)};
    organization.domains[domain.name] = std::move(domain);
  }
}

void Declare(Organization& organization, Protocol protocol, const std::string& host) {
  for (auto& [name, site] : organization.sites)
    (protocol == Protocol::kSip ? site.hosts.federation : site.hosts.xmpp) = host;
}

// Where hosting is before the plan, by pool name.
struct Former {
  std::string sip, xmpp;
};

class WorldMaker {
 public:
  WorldMaker(Organization& organization, Dice& dice)
      : organization_(organization), dice_(dice), world_(organization) {}

  Rehearsal Run() {
    former_ = {Choose(Protocol::kSip), Choose(Protocol::kXmpp)};
    CutPower();
    AddTopology();
    AddRoutes();
    for (const auto& [name, pool] : organization_.edge_pools)
      AddServers(pool);
    AddFrontEnd();
    AddRecords();
    AddOddities();
    AddWaysInside();
    return std::move(world_);
  }

 private:
  std::string Choose(Protocol protocol) {
    const std::string host = DeclaredHost(organization_, protocol);
    return host.empty() || dice_.Percent(70) ? AnyPool(dice_, organization_) : host;
  }

  void CutPower() {
    const bool dead = dice_.Percent(45);
    for (auto& [name, pool] : organization_.edge_pools) {
      const bool was_host = name == former_.sip || name == former_.xmpp;
      const bool is_host = IsHost(name);
      const bool loses = dead ? was_host && (!is_host || dice_.Percent(3)) : dice_.Percent(3);
      if (loses) {
        for (const EdgeServer& server : pool.servers)
          world_.powerless.insert(server.fqdn);
      }
      // One server of several (never the last): the pool is half dead.
      if (!loses && pool.servers.size() > 1 && dice_.Percent(8))
        world_.powerless.insert(pool.servers[dice_.Below(pool.servers.size())].fqdn);
      if (loses == dice_.Percent(95)) {
        pool.condition = EdgePool::Condition::kOutOfService;
        pool.reason = "fire";
      }
    }
  }

  bool IsHost(const std::string& pool) const {
    return pool == DeclaredHost(organization_, Protocol::kSip) ||
           pool == DeclaredHost(organization_, Protocol::kXmpp);
  }

  std::string Fqdn(const std::string& pool) const { return organization_.edge_pools.at(pool).fqdn; }

  void AddTopology() {
    const bool moved = dice_.Percent(10) && !organization_.federation_host().empty();
    const std::string sip = moved ? organization_.federation_host() : former_.sip;
    Value::Map pools;
    for (const auto& [name, pool] : organization_.edge_pools) {
      const std::string hop =
          pool.next_hop.empty() || dice_.Percent(8) ? "frontend1.contoso.com" : pool.next_hop;
      pools[pool.fqdn] = Value::Map{{"federation", (name == sip) != dice_.Percent(3)},
                                    {"xmpp", name == former_.xmpp || dice_.Percent(60)},
                                    {"nextHop", hop}};
    }
    world_.things[kinds::Topology(organization_.name)] = Value::Map{{"pools", std::move(pools)}};
  }

  void AddRoutes() {
    for (const auto& [name, site] : organization_.sites) {
      const auto route = [&](const std::string& former, const std::string& declared) {
        if (dice_.Percent(5)) return std::string();
        if (dice_.Percent(3)) return Fqdn(AnyPool(dice_, organization_));
        return Fqdn(declared.empty() || dice_.Percent(85) ? former : declared);
      };
      world_.things[kinds::SiteRoute(name)] =
          Value::Map{{"federation", route(former_.sip, site.hosts.federation)},
                     {"xmpp", route(former_.xmpp, site.hosts.xmpp)}};
    }
  }

  void AddServers(const EdgePool& pool) {
    const bool idle = pool.name != former_.sip && pool.name != former_.xmpp;
    const bool restored = idle && dice_.Percent(15);  // came back, nothing runs, replica behind
    for (const EdgeServer& server : pool.servers) {
      for (const std::string_view role : kinds::kRoles) {
        const bool proxy_rests =
            role == "xmppProxy" && pool.name != former_.xmpp && dice_.Percent(60);
        const bool stopped = restored || proxy_rests || dice_.Percent(2);
        world_.things[kinds::EdgeService(server.fqdn, role)] =
            Value::Map{{"state", stopped ? "stopped" : "running"},
                       {"startMode", dice_.Percent(5) ? "disabled" : "automatic"}};
      }
      Value installed =
          *world_.things[kinds::Topology(organization_.name)].Find("pools")->Find(pool.fqdn);
      if (dice_.Percent(5)) installed.Set("federation", dice_.Percent(50));
      if (dice_.Percent(5)) installed.Set("xmpp", dice_.Percent(50));
      world_.things[kinds::EdgeComponents(server.fqdn)] = std::move(installed);
      world_.things[kinds::Replica(server.fqdn)] =
          Value::Map{{"watermark", restored || dice_.Percent(3) ? 0 : 1}};
      world_.things[kinds::Certificate(server.fqdn, "accessEdgeExternal")] = CertificateOf(pool);
      for (const Protocol protocol : kProtocols) {
        const std::string& former = protocol == Protocol::kSip ? former_.sip : former_.xmpp;
        const bool has =
            (pool.name == former || dice_.Percent(3)) && world_.Listens(server.fqdn, protocol);
        world_.things[kinds::Streams(server.fqdn, Name(protocol))] =
            Value::Map{{"state", has ? "open" : "closed"}, {"count", has ? 2 : 0}};
      }
    }
  }

  Value CertificateOf(const EdgePool& pool) {
    Value::List names;
    for (const auto& [name, domain] : organization_.domains) {
      names.emplace_back(PoolNameIn(pool, name));
      if (!dice_.Percent(1)) names.emplace_back(name);
    }
    return Value::Map{
        {"names", std::move(names)}, {"notAfter", "2036-01-01T00:00:00Z"}, {"thumbprint", "AB"}};
  }

  void AddFrontEnd() {
    for (const auto& [name, pool] : organization_.front_end_pools) {
      for (const std::string& server : pool.servers) {
        world_.things[kinds::Replica(server)] = Value::Map{{"watermark", 1}};
        if (dice_.Percent(3)) world_.powerless.insert(server);
      }
      const std::string edge = pool.conferencing.empty() || dice_.Percent(30)
                                   ? AnyPool(dice_, organization_)
                                   : pool.conferencing;
      world_.things[kinds::EdgeAssociation(pool.fqdn)] =
          Value::Map{{"edgePool", Fqdn(edge)}, {"consistent", !dice_.Percent(5)}};
      world_.things[kinds::PoolFailover(pool.fqdn)] =
          Value::Map{{"servedBy", dice_.Percent(80) ? "home" : "backup"}};
    }
    world_.things[kinds::CentralStore(organization_.name)] =
        Value::Map{{"activeMaster", "frontend1.contoso.com"},
                   {"pool", "frontend1.contoso.com"},
                   {"alive", !dice_.Percent(4)},
                   {"watermark", 1}};
    world_.things[kinds::AccessConfig(organization_.name)] =
        Value::Map{{"allowFederatedUsers", !dice_.Percent(2)},
                   {"enableFederationAccess", !dice_.Percent(2)},
                   {"enableXmppAccess", !dice_.Percent(2)}};
    if (dice_.Percent(20)) return;  // a platform that does not show it
    const bool waits = dice_.Percent(10);
    world_.things[kinds::Enablement(organization_.name)] =
        Value::Map{{"enabled", !waits},
                   {"waiting",
                    !waits              ? ""
                    : dice_.Percent(50) ? "routes"
                                        : "document"}};
  }

  // The records as they are right for the former hosts, with the addresses of every pool.
  void AddRecords() {
    Organization before = organization_;
    if (!organization_.federation_host().empty() && !dice_.Percent(10))
      Declare(before, Protocol::kSip, former_.sip);
    if (!organization_.xmpp_host().empty() && !dice_.Percent(10))
      Declare(before, Protocol::kXmpp, former_.xmpp);
    for (const auto& [name, domain] : organization_.domains) {
      for (const auto& [pool_name, pool] : organization_.edge_pools)
        AddAddresses(pool, PoolNameIn(pool, name));
      if (!domain.remote_access_order.empty()) {
        const EdgePool& remote = organization_.edge_pools.at(domain.remote_access_order.front());
        world_.things[kinds::DnsRecordSet("_sip._tls." + name, "SRV")] = Value::Map{
            {"records", Value::List{"0 0 443 " + PoolNameIn(remote, name)}}, {"ttl", 300}};
      }
    }
    for (const auto& [name, domain] : before.domains) {
      const auto host = organization_.edge_pools.find(before.federation_host());
      const bool managed = domain.sip.has_value() && domain.sip->style == SipDnsStyle::kGtm;
      if (managed && host != organization_.edge_pools.end() && dice_.Percent(80))
        AddAddresses(host->second, domain.sip->gtm_name);
    }
    for (const RecordGoal& goal : RecordGoals(before, {})) {
      if (dice_.Percent(3)) continue;
      Value records = goal.desired;
      if (dice_.Percent(5)) records.Set("ttl", 3600);
      if (dice_.Percent(5)) records.Set("ttl", 30);  // prepared for a move (D18)
      if (dice_.Percent(3) && records.Find("records")->list().size() > 1)
        records.Set("records", Value::List{records.Find("records")->list().front()});
      world_.things[goal.id] = std::move(records);
    }
  }

  void AddAddresses(const EdgePool& pool, const std::string& name) {
    Value::List v4, v6;
    for (const std::string& address : pool.addresses())
      (address.find(':') == std::string::npos ? v4 : v6).emplace_back(address);
    world_.things[kinds::DnsRecordSet(name, "A")] = Value::Map{{"records", v4}, {"ttl", 300}};
    if (!v6.empty())
      world_.things[kinds::DnsRecordSet(name, "AAAA")] = Value::Map{{"records", v6}, {"ttl", 300}};
  }

  // Of a fence: never, long gone, or far ahead.
  std::string Expiry() {
    const std::size_t die = dice_.Below(3);
    return die == 0 ? "" : die == 1 ? "1969-12-01T00:00:00+00:00" : "2036-01-01T00:00:00+00:00";
  }

  void AddOddities() {
    // A fence that nobody lifted, before a pool in service or not.
    if (dice_.Percent(6)) {
      const EdgePool& pool = organization_.edge_pools.at(AnyPool(dice_, organization_));
      const int port = dice_.Percent(50) ? kinds::kSipPort : kinds::kXmppPort;
      for (const std::string& address : pool.addresses())
        world_.things[kinds::Fence(address, port)] =
            Value::Map{{"mode", dice_.Percent(50) ? "reset" : "drop"}, {"expires", Expiry()}};
    }
    if (dice_.Percent(8)) {
      auto one = std::next(world_.things.begin(),
                           static_cast<std::ptrdiff_t>(dice_.Below(world_.things.size())));
      world_.unreachable.insert(one->first);
    }
    if (!dice_.Percent(5)) return;
    const EdgePool& pool = organization_.edge_pools.at(AnyPool(dice_, organization_));
    const auto& vantages = organization_.policy.vantages;
    world_.walls.insert({kinds::Reachability(pool.addresses().front(), kinds::kXmppPort),
                         vantages.empty() ? "" : vantages.front()});
  }

  // Some platforms tell whom they reach inside. Thrown with dice of its own: what is thrown after
  // this stays as it was.
  void AddWaysInside() {
    Dice own = dice_;
    for (const auto& [name, pool] : organization_.edge_pools) {
      if (!own.Percent(25)) continue;
      for (const EdgeServer& server : pool.servers)
        world_.things[kinds::EdgeService(server.fqdn, "accessEdge")].Set(
            "waysInside", static_cast<std::int64_t>(1 + own.Below(3)));
    }
  }

  Organization& organization_;
  Dice& dice_;
  Rehearsal world_;
  Former former_;
};

}  // namespace

Organization RandomOrganization(Dice& dice, std::size_t most_sites) {
  Organization organization;
  organization.name = "contoso";
  const std::size_t sites = 1 + dice.Below(most_sites);
  for (std::size_t i = 0; i < sites; ++i)
    organization.sites["Site" + Number(i)].name = "Site" + Number(i);
  AddEdgePools(dice, organization);
  AddFrontEndPools(dice, organization);
  if (dice.Percent(50)) organization.central_store = organization.front_end_pools.rbegin()->first;
  AddDomains(dice, organization);
  if (dice.Percent(85)) Declare(organization, Protocol::kSip, AnyPool(dice, organization));
  if (dice.Percent(85)) Declare(organization, Protocol::kXmpp, AnyPool(dice, organization));
  if (dice.Percent(5)) {
    organization.policy.allow_divergent_routes = true;
    organization.sites["Site1"].hosts.xmpp = AnyPool(dice, organization);
    organization.sites["Site1"].hosts.federation = AnyPool(dice, organization);
  }
  Policy& policy = organization.policy;
  if (dice.Percent(40)) policy.procedure = Policy::Procedure::kDocumented;
  policy.allow_multiple_federated_pools = dice.Percent(25);
  policy.enable_after_routes = dice.Percent(60);
  if (dice.Percent(70)) {
    policy.vantages = {"vantage-a", "vantage-b", "vantage-c"};
    policy.vantages_required = 2;
  }
  ProviderDeclaration provider;
  provider.name = "world";
  provider.type = "sim";
  organization.providers["world"] = std::move(provider);
  return organization;
}

void LetAPersonPublish(Organization& organization) {
  ProviderDeclaration people;
  people.name = "people";
  people.type = "manual";
  people.observe_with = "world";
  people.serves.push_back(
      {{std::string(kinds::kTopology), std::string(kinds::kSiteRoute)}, {}, {}, {}});
  organization.providers["people"] = std::move(people);
}

OfferedKinds EveryKind(const Organization& organization) {
  OfferedKinds offered;
  for (const auto& [name, provider] : organization.providers) {
    for (const KindSchema& schema : kinds::KindSchemas())
      offered[name].push_back(schema.kind);
  }
  return offered;
}

Rehearsal RandomWorld(Organization& organization, Dice& dice) {
  return WorldMaker(organization, dice).Run();
}

}  // namespace poolshift
