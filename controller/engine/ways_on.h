// Ways on: what could be planned from where a rehearsal has ended, with the manifests as they are,
// and with the commit that declares the dead.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/federation/assignment.h"
#include "controller/federation/organization.h"
#include "controller/federation/supposition.h"
#include "controller/provider/provider.h"
#include "controller/report/rehearsal_report.h"

namespace poolshift {

// `stage` is looked at. `dead` may be nobody.
absl::StatusOr<std::vector<WayOn>> FindWaysOn(const Organization& organization,
                                              const Assignment& assignment,
                                              const Supposition& dead,
                                              Provider& stage,
                                              absl::Time now);

}  // namespace poolshift
