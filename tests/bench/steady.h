// Steady: the organisation of move.h as planning meets it, manifests and observations: before
// anything happens (Site1's Edge pool is alive and hosts what the manifests say, so no plan has
// anything to do), and with the whole move still to do.
#pragma once

#include "controller/federation/assignment.h"
#include "controller/manifest/manifest.h"
#include "controller/model/observation.h"
#include "tests/bench/organisation.h"

namespace poolshift::bench {

struct Steady {
  std::vector<TextFile> manifests;
  ObservedState observed;  // all that planning asks
  OfferedKinds offered;
};

// `sites` is 2..kMostSites.
Steady SteadyOrganisation(int sites);
Steady MovingOrganisation(int sites);

// Parsed and put together anew.
LoadedOrganization LoadAnew(const std::vector<TextFile>& manifests);

}  // namespace poolshift::bench
