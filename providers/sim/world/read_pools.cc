// Edge and Front End pools of a world file.
#include <algorithm>
#include <set>

#include "controller/federation/kinds.h"
#include "controller/model/digest.h"
#include "providers/sim/world/world_file.h"

namespace poolshift::sim {
namespace {

constexpr std::string_view kRunStateWords = "running, stopped, starting, stopping";
constexpr std::string_view kStartModeWords = "automatic, manual, disabled";
constexpr std::string_view kFarFuture = "2036-01-01T00:00:00Z";

Projection ReadProjection(Section& from, const Projection& fallback) {
  return {from.Flag("federation", fallback.federation),
          from.Flag("xmpp", fallback.xmpp),
          from.Text("nextHop", fallback.next_hop)};
}

Service ReadService(const Value& value, const std::string& path, Service service, Complaints& out) {
  // `xmppProxy: stopped` is short for `xmppProxy: {state: stopped}`.
  const Value as_map = value.is_string() ? Value(Value::Map{{"state", value}}) : value;
  const std::size_t known = out.size();
  {
    Section section(&as_map, path, out);
    service.state = section.Word("state", service.state, ParseRunState, kRunStateWords);
    service.start_mode =
        section.Word("startMode", service.start_mode, ParseStartMode, kStartModeWords);
  }
  if (value.is_string()) {
    for (std::size_t i = known; i < out.size(); ++i)
      out[i].path = path;
  }
  return service;
}

// `services: stopped` is short for every role.
void ReadServices(Section& from, std::array<Service, kRoleCount>& services) {
  const Value* member = from.Take("services");
  const std::string path = from.PathOf("services");
  if (member == nullptr) return;
  if (member->is_string()) {
    for (Service& service : services)
      service = ReadService(*member, path, service, from.complaints());
    return;
  }
  Section section(member, path, from.complaints());
  for (std::size_t i = 0; i < kRoleCount; ++i) {
    const Value* service = section.Take(kinds::kRoles[i]);
    if (service == nullptr) continue;
    services[i] =
        ReadService(*service, section.PathOf(kinds::kRoles[i]), services[i], from.complaints());
  }
}

Replica ReadReplica(Section& from, Replica replica) {
  Section section(from.Take("replica"), from.PathOf("replica"), from.complaints());
  replica.watermark = section.Integer("watermark", replica.watermark);
  replica.holds = ReadProjection(section, replica.holds);
  replica.since = section.Moment("since", replica.since);
  return replica;
}

void ReadMachine(Section& from, EdgeServer& server) {
  server.power = from.Power("power", server.power);
  ReadServices(from, server.services);
  Section installed(from.Take("installed"), from.PathOf("installed"), from.complaints());
  server.installed = ReadProjection(installed, server.installed);
  server.replica = ReadReplica(from, server.replica);
  const std::int64_t ways = from.Integer("waysInside", 0);
  if (from.Has("waysInside")) server.ways_inside = ways;
  server.thumbprint = from.Text("thumbprint", server.thumbprint);
}

void ReadEdgeServer(const std::string& name,
                    const Value& value,
                    const std::string& path,
                    EdgeServer server,
                    std::pair<World*, Complaints*> into) {
  auto& [world, out] = into;
  CheckHostName(name, path, *out);
  Section section(&value, path, *out);
  server.addresses = section.Texts("addresses");
  for (const std::string& address : server.addresses) {
    if (!IsAddress(address)) section.Complain("addresses", "`" + address + "` is no IP address");
  }
  if (server.addresses.empty()) section.Complain("", "server `" + name + "` has no addresses");
  ReadMachine(section, server);
  if (!world->edge_servers.emplace(name, std::move(server)).second) {
    section.Complain("", "server `" + name + "` is in two pools");
  }
}

// `otherwise` is asked only when no names are written: it is long where there are many domains.
template <typename Otherwise>
CertificateOnPool ReadCertificate(Section& from, std::string_view key, Otherwise otherwise) {
  Section section(from.Take(key), from.PathOf(key), from.complaints());
  std::vector<std::string> names = section.Texts("names");
  CertificateOnPool certificate = otherwise(names.empty());
  if (!names.empty()) certificate.names = std::move(names);
  certificate.not_after = section.Text("notAfter", certificate.not_after);
  absl::Time parsed;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, certificate.not_after, &parsed, &error)) {
    section.Complain("notAfter", "`" + certificate.not_after + "` is no RFC 3339 time");
  }
  certificate.thumbprint = section.Text("thumbprint", certificate.thumbprint);
  return certificate;
}

std::string Thumbprint(std::string_view name, std::string_view use) {
  std::string thumbprint = Digest(std::string(name) + '/' + std::string(use)).substr(0, 40);
  std::ranges::transform(thumbprint, thumbprint.begin(), [](char c) {
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return thumbprint;
}

void ReadFormer(Section& from, EdgePool& pool) {
  const Value* list = from.Take("former");
  if (list == nullptr || !list->is_list()) return;
  for (std::size_t i = 0; i < list->list().size(); ++i) {
    Section entry(
        &list->list()[i], from.PathOf("former") + '/' + std::to_string(i), from.complaints());
    FormerProjection former;
    former.replaced_by = entry.Integer("replacedBy", 0);
    former.projection = ReadProjection(entry, {});
    pool.former.push_back(std::move(former));
  }
}

void ReadEdgePool(const std::string& name,
                  const Value& value,
                  const std::string& path,
                  std::pair<World*, Complaints*> into) {
  auto& [world, out] = into;
  CheckHostName(name, path, *out);
  Section section(&value, path, *out);
  EdgePool pool;
  pool.site = section.Text("site");
  pool.access_edge = section.Text("accessEdge");
  pool.web_conferencing = section.Text("webConferencing");
  pool.av = section.Text("av");
  pool.published = ReadProjection(section, {});
  pool.external = ReadCertificate(section, "certificate", [&](bool with_names) {
    return with_names
               ? DefaultExternalCertificate(*world, name, pool)
               : CertificateOnPool{{}, std::string(kFarFuture), Thumbprint(name, "external")};
  });
  pool.internal = ReadCertificate(
      section, "internalCertificate", [&](bool) { return DefaultInternalCertificate(name); });
  ReadFormer(section, pool);
  EdgeServer pattern;
  pattern.pool = name;
  pattern.installed = pool.published;
  pattern.replica = {world->store.watermark, pool.published, kSinceUnset};
  ReadMachine(section, pattern);
  section.ForEach("servers", [&](const auto& server, const Value& machine, const auto& where) {
    pool.servers.push_back(server);
    ReadEdgeServer(server, machine, where, pattern, {world, out});
  });
  if (pool.servers.empty()) section.Complain("", "Edge pool `" + name + "` has no servers");
  world->edge_pools.emplace(name, std::move(pool));
}

// `servers: [fe1a.contoso.com]`, or a map to say more of each.
void ReadFrontEndServers(Section& section, const std::string& pool_name, World& world) {
  FrontEndServer pattern;
  pattern.pool = pool_name;
  pattern.power = section.Power("power", true);
  pattern.replica = {world.store.watermark, {}, kSinceUnset};
  Value::Map machines;
  const Value* servers = section.Take("servers");
  if (servers != nullptr && servers->is_list()) {
    for (const std::string& name : section.Texts("servers"))
      machines.emplace(name, Value());
  } else if (servers != nullptr && servers->is_map()) {
    machines = servers->map();
  }
  if (machines.empty()) section.Complain("", "Front End pool `" + pool_name + "` has no servers");
  for (const auto& [name, value] : machines) {
    const std::string path = section.PathOf("servers") + '/' + name;
    CheckHostName(name, path, section.complaints());
    Section machine(&value, path, section.complaints());
    FrontEndServer server = pattern;
    server.power = machine.Power("power", pattern.power);
    server.replica = ReadReplica(machine, pattern.replica);
    world.front_end_pools.find(pool_name)->second.servers.push_back(name);
    if (!world.front_end_servers.emplace(name, std::move(server)).second) {
      machine.Complain("", "server `" + name + "` is in two pools");
    }
  }
}

Association ReadAssociation(Section& from) {
  const Value* member = from.Take("edgePool");
  Association association;
  if (member != nullptr && member->is_string()) {
    association.registrar = association.conferencing = association.mediation = member->string();
  } else if (member != nullptr) {
    Section section(member, from.PathOf("edgePool"), from.complaints());
    association.registrar = section.Text("registrar");
    association.conferencing = section.Text("conferencing");
    association.mediation = section.Text("mediation");
  }
  association.watermark = from.Integer("associationWatermark", 1);
  return association;
}

}  // namespace

CertificateOnPool DefaultExternalCertificate(const World& world,
                                             std::string_view name,
                                             const EdgePool& pool) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  const auto add = [&](const std::string& entry) {
    if (!entry.empty() && seen.insert(entry).second) names.push_back(entry);
  };
  add(pool.access_edge);
  for (const auto& [domain, use] : world.domains) {
    if (use.sip) add("sip." + domain);
  }
  add(pool.web_conferencing);
  for (const auto& [domain, use] : world.domains) {
    if (use.xmpp) add(domain);
  }
  return {std::move(names), std::string(kFarFuture), Thumbprint(name, "external")};
}

CertificateOnPool DefaultInternalCertificate(std::string_view name) {
  return {{std::string(name)}, std::string(kFarFuture), Thumbprint(name, "internal")};
}

void ReadEdgePools(Section& root, World& world) {
  root.ForEach("edgePools", [&](const auto& name, const Value& value, const auto& path) {
    ReadEdgePool(name, value, path, {&world, &root.complaints()});
  });
}

void ReadFrontEnds(Section& root, World& world) {
  root.ForEach("frontEndPools", [&](const auto& name, const Value& value, const auto& path) {
    CheckHostName(name, path, root.complaints());
    Section section(&value, path, root.complaints());
    FrontEndPool pool;
    pool.site = section.Text("site");
    pool.backup_pool = section.Text("backupPool");
    pool.edge_pool = ReadAssociation(section);
    const std::string served_by = section.Text("servedBy", "home");
    pool.served_by_backup = served_by == "backup";
    if (served_by != "home" && served_by != "backup") {
      section.Complain("servedBy", "`" + served_by + "` is neither home nor backup");
    }
    world.front_end_pools.emplace(name, std::move(pool));
    ReadFrontEndServers(section, name, world);
  });
  root.ForEach("directors", [&](const auto& name, const Value& value, const auto& path) {
    CheckHostName(name, path, root.complaints());
    Section section(&value, path, root.complaints());
    world.directors[name] = {
        section.Text("site"), section.Text("edgePool"), section.Texts("servers")};
  });
}

}  // namespace poolshift::sim
