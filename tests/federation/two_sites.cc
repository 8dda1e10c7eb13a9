#include "tests/federation/two_sites.h"

#include "controller/federation/records.h"

namespace poolshift {
namespace {

void AddSite(const std::string& number, std::vector<EdgeServer> servers, Organization& out) {
  const std::string site = "Site" + number;
  out.sites[site].name = site;
  EdgePool edge;
  edge.name = "edgepool" + number;
  edge.site = site;
  edge.fqdn = edge.name + ".contoso.com";
  edge.access_edge_fqdn = (number == "1" ? "sip" : "sip" + number) + ".contoso.com";
  edge.web_conferencing_fqdn = "webcon" + number + ".contoso.com";
  edge.av_fqdn = "av" + number + ".contoso.com";
  edge.servers = std::move(servers);
  edge.next_hop = "frontend" + number + ".contoso.com";
  out.edge_pools[edge.name] = std::move(edge);
  FrontEndPool front;
  front.name = "frontend" + number;
  front.site = site;
  front.fqdn = front.name + ".contoso.com";
  front.servers = {"fe" + number + "a.contoso.com", "fe" + number + "b.contoso.com"};
  front.conferencing = "edgepool" + number;
  out.front_end_pools[front.name] = std::move(front);
}

void AddPool(const EdgePool& pool, bool hosts, Value::Map& topology, Rehearsal& world) {
  topology[pool.fqdn] =
      Value::Map{{"federation", hosts}, {"xmpp", true}, {"nextHop", pool.next_hop}};
  for (const EdgeServer& server : pool.servers) {
    for (const std::string_view role : kinds::kRoles) {
      world.things[kinds::EdgeService(server.fqdn, role)] =
          Value::Map{{"state", "running"}, {"startMode", "automatic"}};
    }
    world.things[kinds::EdgeComponents(server.fqdn)] = topology[pool.fqdn];
    world.things[kinds::Replica(server.fqdn)] = Value::Map{{"watermark", 1}};
    world.things[kinds::Certificate(server.fqdn, "accessEdgeExternal")] =
        Value::Map{{"names", Value::List{pool.access_edge_fqdn, "contoso.com"}},
                   {"notAfter", "2036-01-01T00:00:00Z"},
                   {"thumbprint", "AB"}};
    for (const Protocol protocol : kProtocols)
      world.things[kinds::Streams(server.fqdn, Name(protocol))] =
          Value::Map{{"state", "closed"}, {"count", 0}};
  }
}

}  // namespace

Organization TwoSites() {
  Organization organization;
  organization.name = "contoso";
  AddSite("1",
          {{"edge1a.contoso.com", {"203.0.113.11"}}, {"edge1b.contoso.com", {"203.0.113.12"}}},
          organization);
  AddSite("2",
          {{"edge2a.contoso.com", {"198.51.100.21"}}, {"edge2b.contoso.com", {"198.51.100.22"}}},
          organization);
  Domain domain;
  domain.name = domain.zone = "contoso.com";
  domain.sip.emplace();
  domain.xmpp.emplace();
  domain.xmpp->host = "xmpp.contoso.com";
  organization.domains[domain.name] = std::move(domain);
  organization.policy.vantages = {"a", "b", "c"};
  organization.policy.vantages_required = 2;
  ProviderDeclaration provider;
  provider.name = "world";
  provider.type = "sim";
  organization.providers["world"] = std::move(provider);
  for (const Protocol protocol : kProtocols)
    DeclareHost(organization, protocol, "edgepool1");
  return organization;
}

Rehearsal HealthyWorld(const Organization& organization) {
  Rehearsal world(organization);
  Value::Map topology;
  for (const auto& [name, pool] : organization.edge_pools)
    AddPool(pool, name == "edgepool1", topology, world);
  world.things[kinds::Topology(organization.name)] = Value::Map{{"pools", std::move(topology)}};
  for (const auto& [name, site] : organization.sites) {
    world.things[kinds::SiteRoute(name)] =
        Value::Map{{"federation", "edgepool1.contoso.com"}, {"xmpp", "edgepool1.contoso.com"}};
  }
  for (const auto& [name, pool] : organization.front_end_pools) {
    world.things[kinds::EdgeAssociation(pool.fqdn)] = Value::Map{
        {"edgePool", organization.edge_pools.at(pool.conferencing).fqdn}, {"consistent", true}};
    world.things[kinds::PoolFailover(pool.fqdn)] = Value::Map{{"servedBy", "home"}};
    for (const std::string& server : pool.servers)
      world.things[kinds::Replica(server)] = Value::Map{{"watermark", 1}};
  }
  world.things[kinds::CentralStore(organization.name)] =
      Value::Map{{"activeMaster", "frontend2.contoso.com"}, {"alive", true}, {"watermark", 1}};
  world.things[kinds::Enablement(organization.name)] =
      Value::Map{{"enabled", true}, {"waiting", ""}};
  world.things[kinds::AccessConfig(organization.name)] = Value::Map{
      {"allowFederatedUsers", true}, {"enableFederationAccess", true}, {"enableXmppAccess", true}};
  for (const auto& [name, partner] : organization.partners) {
    world.things[kinds::XmppPartner(name)] = Value::Map{
        {"tls", "required"}, {"sasl", "required"}, {"dialback", false}, {"usable", true}};
  }
  const auto record = [&](const std::string& name, const std::string& type, Value::List records) {
    world.things[kinds::DnsRecordSet(name, type)] =
        Value::Map{{"records", std::move(records)}, {"ttl", 300}};
  };
  record("_sipfederationtls._tcp.contoso.com", "SRV", {"0 0 5061 sip.contoso.com"});
  record("_xmpp-server._tcp.contoso.com", "SRV", {"0 0 5269 xmpp.contoso.com"});
  record("xmpp.contoso.com", "A", {"203.0.113.11", "203.0.113.12"});
  record("sip.contoso.com", "A", {"203.0.113.11", "203.0.113.12"});
  record("sip2.contoso.com", "A", {"198.51.100.21", "198.51.100.22"});
  return world;
}

void DeclareHost(Organization& organization, Protocol protocol, const std::string& pool) {
  for (auto& [name, site] : organization.sites)
    (protocol == Protocol::kSip ? site.hosts.federation : site.hosts.xmpp) = pool;
}

void CutPower(const EdgePool& pool, Rehearsal& world) {
  for (const EdgeServer& server : pool.servers)
    world.powerless.insert(server.fqdn);
}

void DeclareDead(EdgePool& pool) {
  pool.condition = EdgePool::Condition::kOutOfService;
  pool.reason = "fire";
}

void Change(Rehearsal& world, const ResourceId& id, std::string_view member, Value value) {
  world.things[id].Set(member, std::move(value));
}

void ChangePool(Rehearsal& world, const EdgePool& pool, std::string_view member, Value value) {
  const ResourceId id = kinds::Topology("contoso");
  Value pools = *world.things.at(id).Find("pools");
  const Value* known = pools.Find(pool.fqdn);
  Value entry = known == nullptr ? Value() : *known;
  entry.Set(member, std::move(value));
  pools.Set(pool.fqdn, std::move(entry));
  Change(world, id, "pools", std::move(pools));
}

}  // namespace poolshift
