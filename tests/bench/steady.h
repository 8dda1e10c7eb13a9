// Steady: the organisation of move.h before anything happens: Site1's Edge pool is alive and hosts
// what the manifests say, and no plan has anything to do.
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

// Parsed and put together anew.
LoadedOrganization LoadAnew(const std::vector<TextFile>& manifests);

}  // namespace poolshift::bench
