// Whether what a plan is about to change is still as it was when the plan was made (guarantee G9).
// The targets are looked at again, and what the plan's rules join to them (Plan::rests_on), not
// everything that planning read; the provider compares the target once more at each action.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/engine/run.h"

namespace poolshift {

// One line for each target that moved: "SiteRoute/Site1: xmpp=edge1.contoso.net →
// xmpp=edge3.contoso.net". Empty: go. Unavailable when one could not be looked at: then nothing may
// be concluded.
absl::StatusOr<std::vector<std::string>> MovedTargets(const Plan& plan,
                                                      const RunOptions& options,
                                                      const RunContext& context);

// The providers that the plan writes to, or that are asked by MovedTargets().
std::set<std::string> ConcernedProviders(const Plan& plan, const RunOptions& options);

}  // namespace poolshift
