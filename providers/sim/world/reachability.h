// Reachability: what somebody gets who connects to an address and port, computed from power,
// services, installed components, fences and firewall rules (domain.md §b.6).
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "controller/model/observation.h"
#include "providers/sim/world/world.h"

namespace poolshift::sim {

// The role's own external port is bound: accessEdge 5061, xmppProxy 5269, others 443 (replica 4443,
// inside).
bool Listening(const EdgeServer& server, Role role);

enum class Answer { kOpen, kRefused, kUnreachable, kFiltered };

// What the first firewall rule that matches one of the names on each side answers.
std::optional<Answer> BlockedBy(const World& world,
                                std::initializer_list<std::string_view> from,
                                std::initializer_list<std::string_view> to,
                                int port);

// The fence in front of an address and port at `now`, or null. Borrowed.
const FenceRule* FenceAt(const World& world, std::string_view address, int port, absl::Time now);

// What `from` (a vantage or a partner's domain) gets at an external address.
Answer ConnectFromOutside(const World& world,
                          std::string_view from,
                          std::pair<std::string_view, int> address_and_port,
                          absl::Time now);

// The kind Reachability. `name`: "<address, internal FQDN or external name>/<port>".
Observation ObserveReachability(const World& world,
                                std::string_view name,
                                std::string_view vantage,
                                absl::Time now);

}  // namespace poolshift::sim
