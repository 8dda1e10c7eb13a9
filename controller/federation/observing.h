// Observing: which resources to look at, from where, before anything can be planned or reported.
#pragma once

#include <vector>

#include "controller/federation/organization.h"
#include "controller/model/observation.h"

namespace poolshift {

// First the designations (topology, routes, associations, records): they say which pools matter.
std::vector<ObservationKey> DesignationsToObserve(const Organization& organization);

// Then everything else: services and components of pools in service, replicas, and, for the pools
// that matter, what outside vantages see, streams and certificates, and the addresses of the hosts
// that are left. `seen` holds the designations.
std::vector<ObservationKey> DetailsToObserve(const Organization& organization,
                                             const ObservedState& seen);

// Internal ports of an Edge server that the Front End servers behind it must reach for SIP and for
// XMPP federation (I-7).
inline constexpr int kInsidePorts[] = {5061, 23456};

// What a drill needs besides: any pool may be the next host, any Front End pool may fail over, so
// all are looked at as if they mattered, and successors from the Front End servers behind them too
// (I-7).
std::vector<ObservationKey> DrillToObserve(const Organization& organization,
                                           const ObservedState& seen);

}  // namespace poolshift
