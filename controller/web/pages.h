// Pages: what `poolshift serve --listen` shows, as self-contained HTML that works without
// JavaScript, in light and dark, for keyboards and screen readers. Everything that comes from
// outside is escaped. None of them is larger than 300 KB, however large the organisation. Pure.
#pragma once

#include <string>

#include "absl/time/time.h"

#include "controller/gitops/board.h"

namespace poolshift {

// "/": whether all is well, the map of sites and pools, the plan in short, differences, runs.
std::string OverviewPage(const Snapshot& snapshot);
// "/plan": the plan as a drawing and as text with exact commands.
std::string PlanPage(const Snapshot& snapshot);
// "/plan.txt": its text, whatever its size.
std::string WholePlan(const Snapshot& snapshot);
// "/drift".
std::string DriftPage(const Snapshot& snapshot);
// "/runs".
std::string RunsPage(const Snapshot& snapshot);
// The last drill: what happens if a pool or a site dies now.
std::string ReadinessPage(const Snapshot& snapshot);
// What is not there.
std::string MissingPage();

// "/metrics": the text format of Prometheus.
std::string MetricsText(const Snapshot& snapshot, const ToldCount& told, absl::Time now);

}  // namespace poolshift
