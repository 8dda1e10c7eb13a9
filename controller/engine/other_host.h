// Another host: what would be planned if one pool were declared in place of the host. Nothing is
// changed; what such a plan needs besides is looked at.
#pragma once

#include "absl/status/statusor.h"

#include "controller/engine/workspace.h"
#include "controller/model/observation.h"
#include "controller/report/explanation.h"

namespace poolshift {

// `other` says which pool and which protocols; its plan is filled in. `observed` grows by what was
// looked at. Without commands, without the limits of the policy.
absl::Status PlanOtherHost(Workspace& workspace, ObservedState& observed, OtherHost& other);

}  // namespace poolshift
