// Move: the organisation of `./dev bench plan`. Each of N sites has an Edge pool and a
// Front End pool of two servers, and a domain of its own. Everything leads to edgepool1, which is
// dead; the manifests say edgepool2. So each site needs three changes (its route, its conferencing
// association, the record of its domain) beside the few that all share.
#pragma once

#include "tests/bench/organisation.h"

namespace poolshift::bench {

// As Manifests() and WorldFile(): "manifests/…", kSitesPerFile sites in each, and "world.yaml".
std::vector<TextFile> MoveManifests(int sites);
TextFile MoveWorldFile(int sites);

}  // namespace poolshift::bench
