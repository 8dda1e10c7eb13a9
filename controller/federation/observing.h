// Observing: which resources to look at, from where, before anything can be planned or reported.
#pragma once

#include <vector>

#include "controller/federation/organization.h"
#include "controller/model/observation.h"

namespace poolshift {

// First the designations (topology, routes, associations, records): they say which pools matter.
std::vector<ObservationKey> DesignationsToObserve(const Organization& organization);

// Then everything else: services and components of pools in service, replicas, and, for the pools
// that matter, what outside vantages see, streams and certificates. `seen` holds the designations.
std::vector<ObservationKey> DetailsToObserve(const Organization& organization,
                                             const ObservedState& seen);

}  // namespace poolshift
