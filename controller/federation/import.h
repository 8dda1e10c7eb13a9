// Import: a declaration from what is observed, for those who have none yet. Entities first (what
// the platforms list), then designations (who hosts what), then domains (what the records say).
//
// What the seed declares stays as it is. Nothing is guessed: what could not be looked at, and what
// no platform knows (contacts, reasons), is left out with a remark.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/federation/organization.h"
#include "controller/federation/remark.h"
#include "controller/model/listed.h"
#include "controller/model/observation.h"

namespace poolshift {

// By manifest name of the provider that listed it.
using Listings = std::map<std::string, std::vector<Listed>>;

struct Imported {
  Organization organization;  // not validated
  std::vector<Remark> remarks;
};

// The seed and every listed entity, without designations. FailedPrecondition when two providers say
// different things of one entity; InvalidArgument when an entity is none that can be listed.
absl::StatusOr<Imported> ImportEntities(const Organization& seed, const Listings& listings);

// What to look at for ImportDesignations, and then, for ImportDomains, what the locators name.
std::vector<ObservationKey> ImportToObserve(const Organization& entities);
std::vector<ObservationKey> ImportRecordsToObserve(const Organization& entities,
                                                   const ObservedState& observed);

// Hosts from the sites' routes (D4), next hops, conferencing, who serves the users of a Front End
// pool, the central store.
void ImportDesignations(const ObservedState& observed, Imported& imported);

// Styles, times to live and orders of the declared domains (D6, D7), from their records; and public
// addresses that no platform listed.
void ImportDomains(const ObservedState& observed, Imported& imported);

}  // namespace poolshift
