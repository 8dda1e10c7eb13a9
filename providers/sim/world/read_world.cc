#include <algorithm>

#include "providers/sim/world/replication.h"
#include "providers/sim/world/streams.h"
#include "providers/sim/world/world_file.h"
#include "providers/sim/world/yaml_tree.h"

namespace poolshift::sim {
namespace {

constexpr std::string_view kFormat = "poolshift/v1";

void ReadSites(Section& root, World& world) {
  root.ForEach("sites", [&](const auto& name, const Value& value, const auto& path) {
    Section section(&value, path, root.complaints());
    world.sites[name] = {
        section.Text("federation"), section.Text("xmpp"), section.Integer("watermark", 1)};
  });
}

void ReadCentralStore(Section& root, World& world) {
  Section section(root.Take("centralStore"), "centralStore", root.complaints());
  CentralStore& store = world.store;
  store.pool = section.Text("pool");
  store.alive = section.Flag("alive", true);
  store.watermark = section.Integer("watermark", 1, 1);
  const std::string waiting = section.Text("notEnabled");
  store.waiting = ParseWaiting(waiting).value_or(Waiting::kNothing);
  if (!ParseWaiting(waiting).has_value())
    section.Complain("notEnabled", '`' + waiting + "` is neither routes nor document");
  store.settled = section.Integer("settled", store.watermark);
  Section recent(section.Take("recent"), "centralStore/recent", root.complaints());
  recent.ForEach("", [&](const auto& number, const Value&, const auto&) {
    store.recent.push_back({std::stoll("0" + number), recent.Moment(number, absl::InfinitePast())});
  });
  std::ranges::sort(store.recent, {}, &StoreWrite::watermark);
}

void ReadSettings(Section& root, World& world) {
  {
    Section section(root.Take("accessConfig"), "accessConfig", root.complaints());
    world.allow_federated_users = section.Flag("allowFederatedUsers", true);
    world.enable_federation_access = section.Flag("enableFederationAccess", true);
    world.enable_xmpp_access = section.Flag("enableXmppAccess", true);
  }
  {
    Section section(root.Take("replication"), "replication", root.complaints());
    world.replication_lag = section.Duration("lag", world.replication_lag);
  }
  world.reconnect_delay = root.Duration("reconnectDelay", world.reconnect_delay);
  Section durations(root.Take("durations"), "durations", root.complaints());
  durations.ForEach("", [&](const auto& kind, const Value&, const auto&) {
    world.durations[kind] = durations.Duration(kind, absl::ZeroDuration());
  });
  for (std::string& vantage : root.Texts("vantages"))
    world.vantages.insert(std::move(vantage));
  const std::string power_on = root.Text("onPowerOn", "automatic");
  world.power_on = power_on == "stopped" ? PowerOn::kStopped : PowerOn::kAutomatic;
  if (power_on != "stopped" && power_on != "automatic") {
    root.Complain("onPowerOn", "`" + power_on + "` is neither automatic nor stopped");
  }
}

void ReadBookkeeping(Section& root, World& world) {
  Section section(root.Take("bookkeeping"), "bookkeeping", root.complaints());
  world.fence = {section.Integer("token", 0), section.Text("lease")};
  world.made_from = section.Text("madeFrom");
  const std::vector<std::string> applied = section.Texts("applied");
  for (const std::string& entry : applied) {
    const std::size_t space = entry.find(' ');
    if (space != std::string::npos)
      world.applied.emplace_back(entry.substr(0, space), entry.substr(space + 1));
  }
}

// Copies of which the text does not say since when they follow: those that are current always did,
// those that are behind begin now.
void BeginFollowing(World& world, absl::Time now) {
  std::vector<Replica*> unset;
  const auto prepare = [&](auto& servers) {
    for (auto& [name, server] : servers) {
      if (server.replica.since != kSinceUnset) continue;
      unset.push_back(&server.replica);
      server.replica.since = absl::InfiniteFuture();
    }
  };
  prepare(world.edge_servers);
  prepare(world.front_end_servers);
  FollowMaster(world, now);
  for (Replica* replica : unset) {
    const bool current = replica->watermark == world.store.watermark;
    if (replica->since == now && current) replica->since = absl::InfinitePast();
  }
}

Origin PlaceOf(const std::string& path,
               const std::map<std::string, Origin>& positions,
               std::string_view file) {
  std::string at = path;
  while (true) {
    const auto found = positions.find(at);
    if (found != positions.end()) return found->second;
    const std::size_t slash = at.rfind('/');
    if (at.empty()) return {std::string(file), 1, 1};
    at.resize(slash == std::string::npos ? 0 : slash);
  }
}

}  // namespace

World WorldOf(const Value& tree, absl::Time now, Complaints& out) {
  World world;
  Section root(&tree, "", out);
  const std::string format = root.Text("world", "");
  if (format != kFormat) {
    root.Complain(
        "world", "not a world file of this version", "begin it with `world: poolshift/v1`");
  }
  world.organization = root.Text("organization");
  if (world.organization.empty()) root.Complain("", "`organization` is missing");
  ReadSites(root, world);
  ReadCentralStore(root, world);
  ReadSettings(root, world);
  ReadNames(root, world);
  ReadEdgePools(root, world);
  ReadFrontEnds(root, world);
  ReadTrouble(root, world);
  ReadBookkeeping(root, world);
  CheckReferences(world, out);
  if (!out.empty()) return world;
  IndexAddresses(world);
  BeginFollowing(world, now);
  EstablishLinks(world, now);
  return world;
}

std::optional<World> ReadWorld(std::string_view text,
                               std::string_view file,
                               absl::Time now,
                               Diagnostics& out) {
  Diagnostics syntax;
  const Value tree = ParseYaml(text, file, syntax);
  const bool readable = !syntax.has_errors();
  out.Append(std::move(syntax));
  if (!readable) return std::nullopt;
  Complaints complaints;
  World world;
  world = WorldOf(tree, now, complaints);
  if (complaints.empty()) return world;
  const auto positions = NodePositions(text, file);
  for (Complaint& complaint : complaints) {
    out.Error(PlaceOf(complaint.path, positions, file),
              std::move(complaint.message),
              std::move(complaint.hint));
  }
  out.Sort();
  return std::nullopt;
}

}  // namespace poolshift::sim
