// FormerDeclaration: what was declared before the commit that a plan carries out, as far as what is
// observed still tells: who hosted what, which Edge pool each Front End pool used, next hops, TTLs.
// The way back leads to it. Where it can be had, the former commit's own manifests are better.
#pragma once

#include <set>
#include <string>

#include "controller/federation/organization.h"
#include "controller/model/observation.h"

namespace poolshift {

struct FormerDeclaration {
  Organization organization;
  // Edge pools (manifest names) that are declared dead and that the way back needs alive: declared
  // in service again.
  std::set<std::string> restored;
};

// Pure. `observed` is the state that the plan was made from.
FormerDeclaration FormerDeclarationOf(const Organization& organization,
                                      const ObservedState& observed);

// The pools that are declared dead in one and in service in the other.
std::set<std::string> RestoredPools(const Organization& declared, const Organization& former);

}  // namespace poolshift
