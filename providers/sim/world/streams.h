// Streams: where partners are connected (lab finding: an established stream stays when only DNS
// moves).
//
// A partner without streams asks DNS as resolvers remember it (or, for a domain that the world's
// DNS does not serve, goes to the routed pool) and connects to every server there that answers; it
// tries again whenever resolvers forget something or a fence expires. A partner that has a stream
// left stays where it is.
#pragma once

#include <string_view>

#include "providers/sim/world/world.h"

namespace poolshift::sim {

int PortOf(Protocol protocol);
Role RoleOf(Protocol protocol);

// A link as it is at `now`, when nothing but time has passed since it was written down.
Link LinkAt(const World& world, const LinkKey& key, const Link& written, absl::Time now);

struct StreamCount {
  int count = 0;
  absl::Time oldest = absl::InfiniteFuture();
};
// Streams of one server and protocol at `now`; of one partner only when `partner` is not empty.
StreamCount StreamsOn(const World& world,
                      std::pair<std::string_view, Protocol> server_and_protocol,
                      std::string_view partner,
                      absl::Time now);

// Closes a server's streams; their partners try again `reconnect_delay` after `now`.
void CloseStreams(World& world,
                  std::pair<std::string_view, Protocol> server_and_protocol,
                  std::string_view partner,
                  absl::Time now);

// Writes down where everybody is at `now`.
void SettleStreams(World& world, absl::Time now);

// Ends the streams whose server no longer takes part, after something changed at `now`.
void DropBrokenStreams(World& world, absl::Time now);

// Makes the links of all partners and domains that there are, connected as if they had always been.
void EstablishLinks(World& world, absl::Time now);

}  // namespace poolshift::sim
