// Drill: for each supposed death, the plan that the real planner makes in it, and what is not
// ready. Nothing is changed, nothing is started: the death is an overlay over what was observed.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/engine/workspace.h"
#include "controller/federation/assignment.h"
#include "controller/federation/organization.h"
#include "controller/federation/supposition.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"
#include "controller/report/drill_report.h"

namespace poolshift {

// Everything that the drill reads: what planning reads, and what DrillToObserve() adds.
struct DrillScene {
  const Organization& organization;
  const ObservedState& observed;
  const Assignment& assignment;
  absl::Time now;
};

// The plan is that of the declared successor, or, where nobody declared one, of the living pool
// that needs the fewest actions, then the least time; ties by name. Internal when the checker
// disagrees with the planner.
absl::StatusOr<DrillRow> RunDrill(const DrillScene& scene, const Supposition& supposition);

// One row for each, in their order.
absl::StatusOr<std::vector<DrillRow>> RunDrills(const DrillScene& scene,
                                                const std::vector<Supposition>& suppositions);

// Every pool and every site.
std::vector<Supposition> UsualDeaths(const Organization& organization);

// The whole drill of `deaths`. `observed` is what planning looked at; what else a drill needs is
// looked at here.
absl::StatusOr<DrillReport> ReportDrill(Workspace& workspace,
                                        ObservedState observed,
                                        const std::vector<Supposition>& deaths,
                                        absl::Time now);

}  // namespace poolshift
