// Resolver: the world's own DNS, as its authoritative server answers and as resolvers on the
// Internet remember it.
//
// The rest of the world sees a change when the TTL of what was there has passed (or the negative
// TTL when there was nothing): always the latest moment at which a resolver may still answer the
// former records.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "providers/sim/world/world.h"

namespace poolshift::sim {

// Record texts that a resolver answers at `now`; empty when there are none.
std::vector<std::string> CachedAnswer(const World& world,
                                      std::string_view name,
                                      std::string_view type,
                                      absl::Time now);

// Whether the world's DNS serves this domain at all.
bool HasDns(const World& world, std::string_view domain);

// Addresses of a host as resolvers answer, IPv4 first.
std::vector<std::string> CachedAddresses(const World& world, std::string_view host, absl::Time now);

// Hosts that a partner tries for a service, in order: the best record only for SIP (an Access Edge
// picks one, domain.md F8), every record by priority for XMPP (RFC 2782).
std::vector<std::string> ServiceHosts(const World& world,
                                      std::string_view domain,
                                      Protocol protocol,
                                      absl::Time now);

// Moments after `from` and up to `to` at which resolvers forget something, ascending.
std::vector<absl::Time> ForgetTimes(const World& world, absl::Time from, absl::Time to);

// Replaces (or, with no records, deletes) a record set at `now`.
void ChangeRecords(World& world, const std::string& key, RecordSet change, absl::Time now);

// Drops what resolvers have forgotten by `now`.
void SettleResolvers(World& world, absl::Time now);

}  // namespace poolshift::sim
