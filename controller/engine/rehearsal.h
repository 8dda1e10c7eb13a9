// Rehearsal: a plan, carried out by the real executor on a simulated likeness of what was observed,
// with faults of one's choice. The providers of the organisation are not called; everything that is
// written is in one folder of its own.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/engine/run.h"
#include "controller/engine/workspace.h"
#include "controller/federation/supposition.h"
#include "controller/report/rehearsal_report.h"

namespace poolshift {

struct RehearsalOptions {
  std::string directory;  // private, empty; the caller removes it
  std::string plugin_directory;
  std::vector<ActionId> failing;  // every call fails before any effect
  std::vector<ActionId> losing;   // the first answer is lost, the effect is there
  Supposition dying;              // after the plan was made, before the first action
  std::uint64_t seed = 0;  // not 0: calls take unequal times, so that what is parallel overtakes
  LeaseHolder holder;
  LogSink log;
};

struct RehearsalOutcome {
  RunOutcome run;
  std::vector<PassedState> states;  // the first is what was observed
};

// `observed` is what the plan was made of, and what DrillToObserve() adds. Progress goes to
// `observer`. Waits of known length and time-outs are leapt over.
absl::StatusOr<RehearsalOutcome> RehearsePlan(const World& world,
                                              const Workspace& workspace,
                                              const ObservedState& observed,
                                              const Plan& plan,
                                              const RehearsalOptions& options,
                                              RunObserver& observer,
                                              const Interruption& interruption);

}  // namespace poolshift
