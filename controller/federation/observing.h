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
// that are left; of a host that is to be moved to, what every Front End server reaches (I-7).
// `seen` holds the designations.
std::vector<ObservationKey> DetailsToObserve(const Organization& organization,
                                             const ObservedState& seen);

// So many successors of a host that dies are tried at most, where nobody has declared one.
inline constexpr std::size_t kMostSuccessors = 8;

// What a drill needs besides: any pool may be the next host, any Front End pool may fail over, so
// all are looked at as if they mattered. From inside (I-7) those are that could be chosen as the
// successor of a host, by every Front End server; the others by those of their next hop.
std::vector<ObservationKey> DrillToObserve(const Organization& organization,
                                           const ObservedState& seen);

}  // namespace poolshift
