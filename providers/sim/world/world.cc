#include "providers/sim/world/world.h"

#include <algorithm>

#include "controller/federation/kinds.h"

namespace poolshift::sim {
namespace {

constexpr std::string_view kRunStates[] = {"running", "stopped", "starting", "stopping"};
constexpr std::string_view kStartModes[] = {"automatic", "manual", "disabled"};
constexpr std::string_view kProtocols[] = {"sip", "xmpp"};
constexpr std::string_view kWaiting[] = {"", "routes", "document"};

template <typename Enum, std::size_t size>
std::optional<Enum> Parse(const std::string_view (&names)[size], std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == std::end(names)) return std::nullopt;
  return static_cast<Enum>(found - std::begin(names));
}

}  // namespace

const EdgeServer* World::FindEdgeServer(std::string_view fqdn) const {
  const auto found = edge_servers.find(fqdn);
  return found == edge_servers.end() ? nullptr : &found->second;
}

const EdgePool* World::FindEdgePool(std::string_view fqdn) const {
  const auto found = edge_pools.find(fqdn);
  return found == edge_pools.end() ? nullptr : &found->second;
}

std::string World::NextHopOf(std::string_view fqdn) const {
  for (const auto& [name, pool] : edge_pools) {
    if (pool.published.next_hop == fqdn) return name;
  }
  return "";
}

std::string_view Name(Role role) { return kinds::kRoles[static_cast<std::size_t>(role)]; }
std::string_view Name(RunState state) { return kRunStates[static_cast<std::size_t>(state)]; }
std::string_view Name(StartMode mode) { return kStartModes[static_cast<std::size_t>(mode)]; }
std::string_view Name(Protocol protocol) { return kProtocols[static_cast<std::size_t>(protocol)]; }
std::string_view Name(FenceRule::Mode mode) {
  return mode == FenceRule::Mode::kReset ? "reset" : "drop";
}
std::string_view Name(FirewallRule::Mode mode) {
  constexpr std::array<std::string_view, 3> kModes = {"drop", "reset", "unreachable"};
  return kModes.at(static_cast<std::size_t>(mode));
}
std::string_view Name(Waiting waiting) { return kWaiting[static_cast<std::size_t>(waiting)]; }

std::optional<Role> ParseRole(std::string_view text) { return Parse<Role>(kinds::kRoles, text); }
std::optional<RunState> ParseRunState(std::string_view text) {
  return Parse<RunState>(kRunStates, text);
}
std::optional<StartMode> ParseStartMode(std::string_view text) {
  return Parse<StartMode>(kStartModes, text);
}
std::optional<Waiting> ParseWaiting(std::string_view text) {
  return Parse<Waiting>(kWaiting, text);
}
std::optional<Protocol> ParseProtocol(std::string_view text) {
  return Parse<Protocol>(kProtocols, text);
}

std::pair<std::string_view, std::string_view> SplitLast(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  if (slash == std::string_view::npos) return {name, ""};
  return {name.substr(0, slash), name.substr(slash + 1)};
}

void IndexAddresses(World& world) {
  world.server_of_address.clear();
  for (const auto& [name, server] : world.edge_servers) {
    for (const std::string& address : server.addresses)
      world.server_of_address[address] = name;
  }
}

bool Matches(std::string_view pattern, std::string_view text) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (text.substr(0, star) != pattern.substr(0, star)) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t skip = star; skip <= text.size(); ++skip) {
    if (Matches(rest, text.substr(skip))) return true;
  }
  return false;
}

}  // namespace poolshift::sim
