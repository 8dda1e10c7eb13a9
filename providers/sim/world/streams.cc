#include "providers/sim/world/streams.h"

#include <algorithm>

#include "controller/federation/kinds.h"
#include "providers/sim/world/reachability.h"
#include "providers/sim/world/resolver.h"

namespace poolshift::sim {
namespace {

std::vector<std::string> RoutedAddresses(const World& world, Protocol protocol) {
  std::vector<std::string> addresses;
  for (const auto& [site, routes] : world.sites) {
    const std::string& route = protocol == Protocol::kSip ? routes.federation : routes.xmpp;
    const EdgePool* pool = world.FindEdgePool(route);
    if (pool == nullptr) continue;
    for (const std::string& server : pool->servers) {
      const auto& own = world.FindEdgeServer(server)->addresses;
      addresses.insert(addresses.end(), own.begin(), own.end());
    }
    break;  // the first site's route: sites that disagree are an error of the organisation (I-2)
  }
  return addresses;
}

// Servers among `addresses` that take a connection from the partner.
ByName<absl::Time> Connect(const World& world,
                           const LinkKey& key,
                           const std::vector<std::string>& addresses,
                           absl::Time now) {
  ByName<absl::Time> connected;
  for (const std::string& address : addresses) {
    const Answer answer =
        ConnectFromOutside(world, key.partner, {address, PortOf(key.protocol)}, now);
    if (answer != Answer::kOpen) continue;
    connected.emplace(world.server_of_address.find(address)->second, now);
  }
  return connected;
}

ByName<absl::Time> TryConnecting(const World& world, const LinkKey& key, absl::Time now) {
  if (!HasDns(world, key.domain)) {
    return Connect(world, key, RoutedAddresses(world, key.protocol), now);
  }
  for (const std::string& host : ServiceHosts(world, key.domain, key.protocol, now)) {
    auto connected = Connect(world, key, CachedAddresses(world, host, now), now);
    if (!connected.empty()) return connected;
  }
  return {};
}

// When the partner tries between `from` and `to`.
std::vector<absl::Time> Attempts(const World& world, absl::Time from, absl::Time to) {
  std::vector<absl::Time> times = ForgetTimes(world, from, to);
  for (const auto& [name, fence] : world.fences) {
    if (fence.expires > from && fence.expires <= to) times.push_back(fence.expires);
  }
  times.push_back(from);
  std::ranges::sort(times);
  return times;
}

// A silent drop does not end a stream, a reset does.
bool Survives(const World& world, const EdgeServer& server, Protocol protocol, absl::Time now) {
  if (!Listening(server, RoleOf(protocol))) return false;
  return std::ranges::none_of(server.addresses, [&](const std::string& address) {
    const FenceRule* fence = FenceAt(world, address, PortOf(protocol), now);
    return fence != nullptr && fence->mode == FenceRule::Mode::kReset;
  });
}

}  // namespace

int PortOf(Protocol protocol) {
  return protocol == Protocol::kSip ? kinds::kSipPort : kinds::kXmppPort;
}

Role RoleOf(Protocol protocol) {
  return protocol == Protocol::kSip ? Role::kAccessEdge : Role::kXmppProxy;
}

Link LinkAt(const World& world, const LinkKey& key, const Link& written, absl::Time now) {
  if (!written.servers.empty() || written.retry_at > now) return written;
  for (const absl::Time attempt : Attempts(world, written.retry_at, now)) {
    Link link{TryConnecting(world, key, attempt), written.retry_at};
    if (!link.servers.empty()) return link;
  }
  return written;
}

StreamCount StreamsOn(const World& world,
                      std::pair<std::string_view, Protocol> server_and_protocol,
                      std::string_view partner,
                      absl::Time now) {
  StreamCount total;
  for (const auto& [key, written] : world.links) {
    if (key.protocol != server_and_protocol.second) continue;
    if (!partner.empty() && key.partner != partner) continue;
    const Link link = LinkAt(world, key, written, now);
    const auto stream = link.servers.find(server_and_protocol.first);
    if (stream == link.servers.end()) continue;
    total.count += world.partners.find(key.partner)->second.streams;
    total.oldest = std::min(total.oldest, stream->second);
  }
  return total;
}

void CloseStreams(World& world,
                  std::pair<std::string_view, Protocol> server_and_protocol,
                  std::string_view partner,
                  absl::Time now) {
  for (auto& [key, link] : world.links) {
    if (key.protocol != server_and_protocol.second) continue;
    if (!partner.empty() && key.partner != partner) continue;
    const auto stream = link.servers.find(server_and_protocol.first);
    if (stream == link.servers.end()) continue;
    link.servers.erase(stream);
    if (link.servers.empty()) link.retry_at = now + world.reconnect_delay;
  }
}

void SettleStreams(World& world, absl::Time now) {
  for (auto& [key, link] : world.links)
    link = LinkAt(world, key, link, now);
}

void DropBrokenStreams(World& world, absl::Time now) {
  for (auto& [key, link] : world.links) {
    const std::size_t before = link.servers.size();
    std::erase_if(link.servers, [&](const auto& stream) {
      const EdgeServer* server = world.FindEdgeServer(stream.first);
      return server == nullptr || !Survives(world, *server, key.protocol, now);
    });
    const bool lost = before > 0 && link.servers.empty();
    // A partner that found nobody tries again after every change, as its own retries would.
    if (lost || link.servers.empty())
      link.retry_at = std::max(link.retry_at, now + world.reconnect_delay);
  }
}

void EstablishLinks(World& world, absl::Time now) {
  for (const auto& [partner, offers] : world.partners) {
    for (const auto& [domain, use] : world.domains) {
      for (const Protocol protocol : {Protocol::kSip, Protocol::kXmpp}) {
        const bool sip = protocol == Protocol::kSip;
        if (!(sip ? offers.sip && use.sip : offers.xmpp && use.xmpp)) continue;
        const LinkKey key{partner, domain, protocol};
        const auto [entry, added] = world.links.try_emplace(key, Link{{}, now});
        if (!added) continue;
        entry->second = LinkAt(world, key, entry->second, now);
        for (auto& [server, since] : entry->second.servers)
          since = now - absl::Hours(1);
      }
    }
  }
}

}  // namespace poolshift::sim
