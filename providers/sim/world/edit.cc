#include "providers/sim/world/edit.h"

#include <algorithm>

#include "controller/model/diagnostics.h"
#include "providers/sim/world/change.h"
#include "providers/sim/world/replication.h"
#include "providers/sim/world/resolver.h"
#include "providers/sim/world/world_file.h"

namespace poolshift::sim {
namespace {

constexpr std::string_view kForAllServers[] = {
    "power", "services", "installed", "replica", "waysInside", "thumbprint"};

// The longest key of `map` that `path` begins with, or "".
std::string LeadingKey(const Value& map, std::string_view path) {
  std::string longest;
  if (!map.is_map()) return longest;
  for (const auto& [key, member] : map.map()) {
    const bool leads =
        path.starts_with(key) && (path.size() == key.size() || path[key.size()] == '/');
    if (leads && key.size() > longest.size()) longest = key;
  }
  return longest;
}

std::string_view Rest(std::string_view path, const std::string& key) {
  return path.size() == key.size() ? std::string_view() : path.substr(key.size() + 1);
}

absl::Status NoKey(const Value& map, std::string_view path) {
  std::vector<std::string> keys;
  if (map.is_map()) {
    for (const auto& [key, member] : map.map())
      keys.push_back(key);
  }
  const std::string wanted(path.substr(0, path.find('/')));
  const std::string closest = ClosestName(wanted, keys);
  return absl::NotFoundError(
      "no `" + wanted + "` there" +
      (closest.empty() ? std::string() : "; did you mean `" + closest + "`?"));
}

// Record sets ("<name>/A") and fences ("<address>/<port>") have keys with a slash.
bool IsWholeKey(std::string_view path) {
  const std::string_view last = SplitLast(path).second;
  const bool number =
      !last.empty() && std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
  return number || last == "A" || last == "AAAA" || last == "SRV" || last == "TXT";
}

// `tree` with the node at `path` replaced; a null value removes it.
absl::StatusOr<Value> WithNode(const Value& tree, std::string_view path, const Value& value) {
  if (path.empty()) return value;
  const std::string key = LeadingKey(tree, path);
  const bool is_new = key.empty();
  if (!tree.is_map() || (is_new && value.is_null())) return NoKey(tree, path);
  Value::Map members = tree.map();
  if (is_new) {
    const std::string first(IsWholeKey(path) ? path : path.substr(0, path.find('/')));
    absl::StatusOr<Value> inner = WithNode(Value::Map{}, Rest(path, first), value);
    if (!inner.ok()) return inner;
    members[first] = *std::move(inner);
    return Value(std::move(members));
  }
  absl::StatusOr<Value> changed = WithNode(members[key], Rest(path, key), value);
  if (!changed.ok()) return changed;
  if (changed->is_null()) {
    members.erase(key);
  } else {
    members[key] = *std::move(changed);
  }
  return Value(std::move(members));
}

// A path into a pool that stands for all its servers, as one path per server; else the path alone.
std::vector<std::string> PathsOf(const World& world, std::string_view path) {
  const auto expand = [&](std::string_view prefix, const auto& pools) {
    std::vector<std::string> paths;
    if (!path.starts_with(prefix)) return paths;
    const std::string_view rest = path.substr(prefix.size());
    const auto pool = pools.find(rest.substr(0, rest.find('/')));
    if (pool == pools.end() || rest.size() == pool->first.size()) return paths;
    const std::string_view property = rest.substr(pool->first.size() + 1);
    const std::string_view first = property.substr(0, property.find('/'));
    if (std::ranges::find(kForAllServers, first) == std::end(kForAllServers)) return paths;
    for (const std::string& server : pool->second.servers) {
      paths.push_back(std::string(prefix) + pool->first + "/servers/" + server + '/' +
                      std::string(property));
    }
    return paths;
  };
  std::vector<std::string> paths = expand("edgePools/", world.edge_pools);
  if (paths.empty()) paths = expand("frontEndPools/", world.front_end_pools);
  if (paths.empty()) paths.emplace_back(path);
  return paths;
}

void StartServices(EdgeServer& server, PowerOn rule) {
  for (Service& service : server.services) {
    const bool starts = rule == PowerOn::kAutomatic && service.start_mode == StartMode::kAutomatic;
    service.state = starts ? RunState::kRunning : RunState::kStopped;
  }
}

bool SameStore(const World& a, const World& b) {
  const auto same = [](const auto& left, const auto& right, const auto& equal) {
    return std::ranges::equal(left, right, [&](const auto& x, const auto& y) {
      return x.first == y.first && equal(x.second, y.second);
    });
  };
  return same(a.sites,
              b.sites,
              [](const SiteRoutes& x, const SiteRoutes& y) {
                return x.federation == y.federation && x.xmpp == y.xmpp;
              }) &&
         same(a.front_end_pools,
              b.front_end_pools,
              [](const FrontEndPool& x, const FrontEndPool& y) {
                return x.edge_pool.registrar == y.edge_pool.registrar &&
                       x.edge_pool.conferencing == y.edge_pool.conferencing &&
                       x.edge_pool.mediation == y.edge_pool.mediation;
              });
}

// Flags that were edited become a write; every copy still holds what it held.
void PublishEdits(const World& before, World& after, absl::Time now) {
  ByName<Projection> wanted;
  for (auto& [name, pool] : after.edge_pools) {
    const EdgePool* old = before.FindEdgePool(name);
    if (old == nullptr || old->published == pool.published) continue;
    wanted[name] = pool.published;
    pool.published = old->published;
    pool.former = old->former;
  }
  if (wanted.empty() && SameStore(before, after)) return;
  const std::int64_t watermark = RecordWrite(after, now);
  for (auto& [name, projection] : wanted)
    Publish(after, name, std::move(projection), watermark);
  for (auto& [name, routes] : after.sites) {
    const auto old = before.sites.find(name);
    const bool same = old != before.sites.end() && old->second.federation == routes.federation &&
                      old->second.xmpp == routes.xmpp;
    if (!same) routes.watermark = watermark;
  }
}

// What the edit did not name stays on every server as it was before.
void KeepServers(const World& before, World& after, std::string_view path) {
  for (auto& [name, server] : after.edge_servers) {
    const EdgeServer* old = before.FindEdgeServer(name);
    if (old == nullptr) continue;
    if (path.find("installed") == std::string_view::npos) server.installed = old->installed;
    if (path.find("replica") == std::string_view::npos) server.replica = old->replica;
    if (!old->power && server.power) StartServices(server, after.power_on);
  }
  for (auto& [name, server] : after.front_end_servers) {
    const auto old = before.front_end_servers.find(name);
    if (old != before.front_end_servers.end()) server.replica = old->second.replica;
  }
}

void RememberRecords(const World& before, World& after, absl::Time now) {
  std::vector<std::pair<std::string, RecordSet>> changed;
  for (const auto& [key, set] : after.dns.records) {
    const auto old = before.dns.records.find(key);
    const bool same = old != before.dns.records.end() && old->second.records == set.records &&
                      old->second.ttl == set.ttl;
    if (!same) changed.emplace_back(key, set);
  }
  for (const auto& [key, set] : before.dns.records) {
    if (!after.dns.records.contains(key))
      changed.emplace_back(key, RecordSet{{}, set.ttl, "", std::nullopt});
  }
  for (auto& [key, set] : changed) {
    const auto old = before.dns.records.find(key);
    after.dns.records[key] = old == before.dns.records.end() ? RecordSet() : old->second;
    ChangeRecords(after, key, std::move(set), now);
  }
}

}  // namespace

absl::StatusOr<Value> NodeAt(const Value& tree, std::string_view path) {
  const Value* node = &tree;
  while (!path.empty()) {
    const std::string key = LeadingKey(*node, path);
    if (key.empty()) return NoKey(*node, path);
    node = node->Find(key);
    path = Rest(path, key);
  }
  return *node;
}

absl::StatusOr<World> Edited(World world,
                             std::string_view path,
                             const Value& value,
                             absl::Time now) {
  Settle(world, now);
  Value tree = TreeOf(world);
  for (const std::string& one : PathsOf(world, path)) {
    absl::StatusOr<Value> edited = WithNode(tree, one, value);
    if (!edited.ok()) return edited.status();
    tree = *std::move(edited);
  }
  Complaints complaints;
  World after = WorldOf(tree, now, complaints);
  if (!complaints.empty()) {
    const Complaint& first = complaints.front();
    return absl::InvalidArgumentError(first.path + ": " + first.message +
                                      (first.hint.empty() ? "" : "; " + first.hint));
  }
  KeepServers(world, after, path);
  PublishEdits(world, after, now);
  RememberRecords(world, after, now);
  TakeCourse(after, now);
  return after;
}

}  // namespace poolshift::sim
