// FormerDeclaration: what was declared before the commit that a plan carries out, as far as what is
// observed still tells: who hosted what, which Edge pool each Front End pool used, next hops, TTLs.
// The way back leads to it. Where it can be had, the former commit's own manifests are better.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "controller/federation/organization.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"

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

// Takes out of `former` what `done` changed for good and the way back cannot reach: users of a
// Front End pool that is dead stay with its backup, next hops and the central store with them. What
// was left out, in words.
std::vector<std::string> LeaveOutLost(const Organization& declared,
                                      const std::vector<Action>& done,
                                      Organization& former);

}  // namespace poolshift
