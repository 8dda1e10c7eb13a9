// Who looks when a gate of a plan asks.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"

#include "controller/federation/organization.h"
#include "controller/model/plan.h"
#include "controller/provider/provider.h"

namespace poolshift {

// The provider (manifest name) that observes each subject of the plan's gates. What nobody is
// responsible for is left out. Fails when a provider cannot be asked what it offers.
absl::StatusOr<std::map<ObservationKey, std::string>> GateObservers(
    const Organization& organization,
    const std::map<std::string, Provider*>& providers,
    const Plan& plan);

}  // namespace poolshift
