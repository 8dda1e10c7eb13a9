#include "providers/sim/world/reachability.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

#include "controller/federation/kinds.h"
#include "providers/sim/world/resolver.h"

namespace poolshift::sim {
namespace {

struct PortRole {
  int port;
  Role role;
};
// domain.md §b.6, I1 to I7 and E1 to E4.
constexpr PortRole kInsidePorts[] = {{443, Role::kAvRelay},
                                     {5061, Role::kAccessEdge},
                                     {5062, Role::kAvAuth},
                                     {8057, Role::kWebConf},
                                     {4443, Role::kReplica},
                                     {23456, Role::kXmppProxy}};
constexpr PortRole kOutsidePorts[] = {{443, Role::kAccessEdge},
                                      {kinds::kSipPort, Role::kAccessEdge},
                                      {kinds::kXmppPort, Role::kXmppProxy}};

template <std::size_t size>
std::optional<Role> RoleOf(const PortRole (&ports)[size], int port) {
  const auto found = std::ranges::find(ports, port, &PortRole::port);
  return found == std::end(ports) ? std::nullopt : std::optional(found->role);
}

bool OpenOutside(const EdgeServer& server, int port) {
  const std::optional<Role> role = RoleOf(kOutsidePorts, port);
  if (!role) return false;
  return port == 443 ? server.runs(*role) : Listening(server, *role);
}

bool OpenInside(const EdgeServer& server, int port) {
  const std::optional<Role> role = RoleOf(kInsidePorts, port);
  if (!role) return false;
  return server.runs(*role) && (*role != Role::kXmppProxy || server.installed.xmpp);
}

Answer AnswerOf(FirewallRule::Mode mode) {
  if (mode == FirewallRule::Mode::kDrop) return Answer::kFiltered;
  return mode == FirewallRule::Mode::kReset ? Answer::kRefused : Answer::kUnreachable;
}

std::string_view Text(Answer answer) {
  constexpr std::array<std::string_view, 4> kStates = {
      "open", "refused", "unreachable", "filtered"};
  return kStates.at(static_cast<std::size_t>(answer));
}

std::string_view ProtocolAt(int port, bool outside) {
  if (port == kinds::kSipPort || (outside && port == 443)) return "sip";
  return outside && port == kinds::kXmppPort ? "xmpp" : "";
}

Observation Seen(Answer answer, const CertificateOnPool* certificate, std::string_view protocol) {
  Value::Map properties{{"state", Text(answer)}, {"protocol", ""}};
  Value::List names;
  if (answer == Answer::kOpen && certificate != nullptr) {
    properties["protocol"] = protocol;
    names.assign(certificate->names.begin(), certificate->names.end());
    properties["certificateNotAfter"] = certificate->not_after;
  }
  properties["certificateNames"] = std::move(names);
  properties.try_emplace("certificateNotAfter", "");
  Observation observation;
  observation.presence = Presence::kPresent;
  observation.properties = std::move(properties);
  return observation;
}

Observation Unreachable(std::string reason) {
  Observation observation;
  observation.reason = std::move(reason);
  return observation;
}

Observation FromOutside(const World& world,
                        std::pair<std::string_view, int> target,
                        std::string_view vantage,
                        absl::Time now) {
  const auto& [host, port] = target;
  std::vector<std::string> addresses = CachedAddresses(world, host, now);
  if (addresses.empty()) addresses.emplace_back(host);
  Answer best = Answer::kFiltered;
  const CertificateOnPool* certificate = nullptr;
  for (const std::string& address : addresses) {
    const Answer answer = ConnectFromOutside(world, vantage, {address, port}, now);
    if (answer < best) best = answer;
    if (answer != Answer::kOpen) continue;
    const EdgeServer* server = world.FindEdgeServer(world.server_of_address.find(address)->second);
    certificate = &world.FindEdgePool(server->pool)->external;
    break;
  }
  return Seen(best, certificate, ProtocolAt(port, true));
}

Answer ConnectFromInside(const World& world,
                         std::pair<std::string_view, std::string_view> from,
                         std::string_view server_name,
                         int port) {
  const EdgeServer* server = world.FindEdgeServer(server_name);
  if (server == nullptr) return Answer::kFiltered;
  const auto blocked =
      BlockedBy(world, {from.first, from.second}, {server_name, server->pool}, port);
  if (blocked) return *blocked;
  if (!server->power) return Answer::kFiltered;
  return OpenInside(*server, port) ? Answer::kOpen : Answer::kRefused;
}

Observation FromInside(const World& world,
                       std::pair<std::string_view, int> target,
                       std::string_view vantage,
                       const FrontEndServer& from) {
  if (!from.power)
    return Unreachable(std::string(vantage) + " has no power: nobody can look from there");
  const auto& [host, port] = target;
  std::vector<std::string> servers{std::string(host)};
  const EdgePool* pool = world.FindEdgePool(host);
  if (pool != nullptr) servers = pool->servers;
  if (pool == nullptr && world.FindEdgeServer(host) != nullptr) {
    pool = world.FindEdgePool(world.FindEdgeServer(host)->pool);
  }
  Answer best = Answer::kFiltered;
  for (const std::string& server : servers) {
    best = std::min(best, ConnectFromInside(world, {vantage, from.pool}, server, port));
  }
  return Seen(best, pool == nullptr ? nullptr : &pool->internal, ProtocolAt(port, false));
}

}  // namespace

bool Listening(const EdgeServer& server, Role role) {
  if (!server.runs(role)) return false;
  if (role == Role::kAccessEdge) return server.installed.federation;
  if (role == Role::kXmppProxy) return server.installed.xmpp;
  return true;
}

std::optional<Answer> BlockedBy(const World& world,
                                std::initializer_list<std::string_view> from,
                                std::initializer_list<std::string_view> to,
                                int port) {
  for (const FirewallRule& rule : world.firewall) {
    const auto matches = [](std::string_view pattern) {
      return [pattern](std::string_view name) { return Matches(pattern, name); };
    };
    if ((rule.port == 0 || rule.port == port) && std::ranges::any_of(from, matches(rule.from)) &&
        std::ranges::any_of(to, matches(rule.to))) {
      return AnswerOf(rule.mode);
    }
  }
  return std::nullopt;
}

const FenceRule* FenceAt(const World& world, std::string_view address, int port, absl::Time now) {
  if (world.fences.empty()) return nullptr;
  const auto fence = world.fences.find(std::string(address) + '/' + std::to_string(port));
  if (fence == world.fences.end() || fence->second.expires <= now) return nullptr;
  return &fence->second;
}

Answer ConnectFromOutside(const World& world,
                          std::string_view from,
                          std::pair<std::string_view, int> address_and_port,
                          absl::Time now) {
  const auto& [address, port] = address_and_port;
  const auto owner = world.server_of_address.find(address);
  if (owner == world.server_of_address.end()) return Answer::kFiltered;
  const EdgeServer& server = *world.FindEdgeServer(owner->second);
  if (const FenceRule* fence = FenceAt(world, address, port, now)) {
    return fence->mode == FenceRule::Mode::kReset ? Answer::kRefused : Answer::kFiltered;
  }
  if (const auto blocked = BlockedBy(world, {from}, {address, owner->second, server.pool}, port)) {
    return *blocked;
  }
  if (!server.power || !RoleOf(kOutsidePorts, port)) return Answer::kFiltered;
  return OpenOutside(server, port) ? Answer::kOpen : Answer::kRefused;
}

Observation ObserveReachability(const World& world,
                                std::string_view name,
                                std::string_view vantage,
                                absl::Time now) {
  const auto [host, port_text] = SplitLast(name);
  int port = 0;
  const auto [end, error] =
      std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  if (error != std::errc() || end != port_text.data() + port_text.size() || port < 1 ||
      port > 65535) {
    return Unreachable("`" + std::string(name) + "` is not <address>/<port>");
  }
  const auto front_end = world.front_end_servers.find(vantage);
  if (front_end != world.front_end_servers.end()) {
    return FromInside(world, {host, port}, vantage, front_end->second);
  }
  if (!vantage.empty() && !world.vantages.contains(vantage)) {
    return Unreachable("no vantage `" + std::string(vantage) +
                       "` in this world: name it under `vantages`, or name a Front End server");
  }
  return FromOutside(world, {host, port}, vantage, now);
}

}  // namespace poolshift::sim
