// Changes on one server, or in front of one.
#include <charconv>

#include "controller/federation/kinds.h"
#include "providers/sim/world/change.h"
#include "providers/sim/world/commands.h"
#include "providers/sim/world/replication.h"
#include "providers/sim/world/streams.h"

namespace poolshift::sim {
namespace {

std::string Words(const Projection& projection) {
  return std::string("federation ") + (projection.federation ? "on" : "off") + ", XMPP " +
         (projection.xmpp ? "on" : "off") + ", next hop " +
         (projection.next_hop.empty() ? "none" : projection.next_hop);
}

Projection ProjectionOf(const Value& value) {
  return {value.BooleanOr("federation", false),
          value.BooleanOr("xmpp", false),
          std::string(value.StringOr("nextHop", ""))};
}

}  // namespace

ChangeResult ChangeEdgeService(World& world, const Action& action, const Value& after) {
  const auto [server_name, role_name] = SplitLast(action.target.name);
  const Role role = *ParseRole(role_name);
  Service& service = world.edge_servers.find(server_name)->second.service(role);
  const auto state = ParseRunState(after.StringOr("state", ""));
  const auto start_mode = ParseStartMode(after.StringOr("startMode", ""));
  if (!state || !start_mode || *state == RunState::kStarting || *state == RunState::kStopping) {
    return Refused(ToString(action.target) + ": wanted is " + DisplayText(action.after) +
                   "; state is running or stopped, startMode automatic, manual or disabled");
  }
  const bool starts = *state == RunState::kRunning && service.state != RunState::kRunning;
  if (starts && *start_mode == StartMode::kDisabled) {
    return Refused("Start-CsWindowsService : The service " + std::string(ServiceName(role)) +
                   " on " + std::string(server_name) +
                   " cannot be started, because it is disabled. Set its start mode to automatic or "
                   "manual first");
  }
  service = {*state, *start_mode};
  return {};
}

ChangeResult ChangeEdgeComponents(World& world,
                                  const Action& action,
                                  const Value& after,
                                  absl::Time now) {
  const std::string& name = action.target.name;
  EdgeServer& server = world.edge_servers.find(name)->second;
  const Replica held = HeldBy(world, server, now);
  const Projection wanted = ProjectionOf(after);
  const bool changed = server.installed != held.holds;
  server.installed = held.holds;
  if (held.holds == wanted) return {};
  return Refused(
      "Bootstrapper on " + name +
      " installs what the local copy of the central store says, and that is " + Words(held.holds) +
      " (write " + std::to_string(held.watermark) + " of " + std::to_string(world.store.watermark) +
      "), wanted was " + Words(wanted) + ". " +
      (changed ? "The server now has what the copy says. " : "Nothing changed. ") +
      "Wait until the copy is current (is the replica service running?), then run it again");
}

ChangeResult ChangeStreams(World& world, const Action& action, const Value& after, absl::Time now) {
  if (after.StringOr("state", "") != "closed") {
    return Refused(ToString(action.target) + ": streams can only be closed; partners open them");
  }
  const std::string_view name = action.target.name;
  const std::size_t first = name.find('/');
  const std::string_view server = name.substr(0, first);
  const auto [protocol, partner] = [&] {
    const std::string_view rest = name.substr(first + 1);
    const std::size_t second = rest.find('/');
    if (second == std::string_view::npos) return std::pair(rest, std::string_view());
    return std::pair(rest.substr(0, second), rest.substr(second + 1));
  }();
  CloseStreams(world, {server, *ParseProtocol(protocol)}, partner, now);
  return {};
}

ChangeResult ChangeFence(World& world, const Action& action, const Value& after, absl::Time now) {
  const std::string_view mode = after.StringOr("mode", "");
  const std::string expires(after.StringOr("expires", ""));
  if (mode == "none") {
    world.fences.erase(action.target.name);
    return {};
  }
  if (mode != "reset" && mode != "drop") {
    return Refused(ToString(action.target) + ": mode is `" + std::string(mode) +
                   "`, none of none, reset, drop");
  }
  FenceRule fence{mode == "reset" ? FenceRule::Mode::kReset : FenceRule::Mode::kDrop,
                  absl::InfiniteFuture()};
  std::string fault;
  if (!expires.empty() && !absl::ParseTime(absl::RFC3339_full, expires, &fence.expires, &fault)) {
    return Refused(ToString(action.target) + ": expires is `" + expires + "`, no RFC 3339 time");
  }
  if (fence.expires <= now) {
    return Refused(ToString(action.target) + ": expires at " + expires + ", which has passed");
  }
  world.fences[action.target.name] = fence;
  return {};
}

}  // namespace poolshift::sim
