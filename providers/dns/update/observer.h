// Observing: every declared authoritative server of each zone is asked, and what differs between
// them is said.
#pragma once

#include <vector>

#include "absl/time/time.h"

#include "controller/model/observation.h"
#include "providers/dns/update/dns_transport.h"
#include "providers/dns/update/settings.h"

namespace poolshift::dns {

// One observation per key, same order. A record set is unreachable only when no server of its zone
// answered; a server that was not heard is named in `disagreement`. What a record set is, the first
// server that answered says. Asks several servers at a time.
std::vector<Observation> ObserveSets(DnsTransport& transport,
                                     const Settings& settings,
                                     const std::vector<ObservationKey>& keys,
                                     absl::Time deadline);

// The same of one record set at the zone's primary alone; `disagreement` is then unknown.
Observation ObservePrimary(DnsTransport& transport,
                           const Settings& settings,
                           const ResourceId& id,
                           absl::Time deadline);

}  // namespace poolshift::dns
