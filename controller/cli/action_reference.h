// How people name an action of a plan: "#7", "7", "a7" ("g7"), its id or the beginning of it, or
// words of its title.
#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "controller/model/plan.h"

namespace poolshift {

// Its place in the plan. InvalidArgument when there is none, or several: then they are named.
absl::StatusOr<std::size_t> PlaceOfAction(const Plan& plan, const std::string& reference);

}  // namespace poolshift
