// Import: a declaration from what is observed, for those who have none yet. Entities first (what
// the platforms list), then designations (who hosts what), then domains (what the records say).
//
// What the seed declares stays as it is. Nothing is guessed: what could not be looked at, and what
// no platform knows (contacts, reasons), is left out with a remark.
#pragma once

#include <map>
#include <optional>
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

// What was listed of a machine whose platform knows no pools (listed::kEdgeServer) and is no part
// of a declaration. Absent: not known.
struct ListedMachine {
  std::optional<std::vector<std::string>> addresses;  // all that it has
  std::optional<std::vector<std::string>> domains;    // whose users it serves by XMPP
  bool in_named_pool = false;  // its provider's settings say which pool it is in
};

struct Imported {
  Organization organization;  // not validated
  std::vector<Remark> remarks;
  std::map<std::string, ListedMachine> machines;  // by server FQDN
  // Which pool hosts a protocol, where that cannot be told: a line each, with what to do next.
  std::vector<std::string> undecided;
};

// The seed and every listed entity, without designations. FailedPrecondition when two providers say
// different things of one entity; InvalidArgument when an entity is none that can be listed.
absl::StatusOr<Imported> ImportEntities(const Organization& seed, const Listings& listings);

// What to look at for ImportDesignations, and then, for ImportDomains, what the locators name.
std::vector<ObservationKey> ImportToObserve(const Organization& entities);
std::vector<ObservationKey> ImportRecordsToObserve(const Organization& entities,
                                                   const ObservedState& observed);

// Pools of machines that no platform puts into one: those that share an Access Edge name, which is
// the name in their records or certificates that leads to their addresses; and those addresses.
// Before the two below.
void ImportMachines(const ObservedState& observed, Imported& imported);

// Hosts from the sites' routes (D4), next hops, conferencing, who serves the users of a Front End
// pool, the central store.
void ImportDesignations(const ObservedState& observed, Imported& imported);

// Styles, times to live and orders of the declared domains (D6, D7), from their records; and public
// addresses that no platform listed.
void ImportDomains(const ObservedState& observed, Imported& imported);

// Hosts of protocols whose pools stand in no topology: the pool that the records lead to, or where
// they do not tell, the only one that serves. After ImportDomains.
void ImportHosts(const ObservedState& observed, Imported& imported);

}  // namespace poolshift
