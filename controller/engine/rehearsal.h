// Rehearsal: a plan, carried out by the real executor on a simulated likeness of what was observed,
// with faults of one's choice. The providers of the organisation are not called; everything that is
// written is in one folder of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/engine/run.h"
#include "controller/engine/workspace.h"
#include "controller/federation/supposition.h"
#include "controller/report/rehearsal_report.h"

namespace poolshift {

// Pools that die while the plan is carried out.
struct Death {
  Supposition who;
  ActionId at;  // as this action is called, before its effect; "": before the first
};

struct RehearsalOptions {
  std::string directory;  // private, empty; the caller removes it
  std::string plugin_directory;
  std::vector<ActionId> failing;  // every call fails before any effect
  std::vector<ActionId> losing;   // the first answer is lost, the effect is there
  std::vector<Death> deaths;
  // What can run side by side runs in an order drawn from it, the same each time; without one,
  // one call at a time, as the executor takes them.
  std::optional<std::uint64_t> seed;
  LeaseHolder holder;
  LogSink log;
};

struct RehearsalOutcome {
  RunOutcome run;
  std::vector<PassedState> states;  // the first is what was observed
  // What could be planned from the last state. Empty when all went well and nothing died.
  std::vector<WayOn> ways_on;
};

// What a likeness for the plan needs besides what it was made of (`seen`): what a drill looks at,
// and every port that a gate of the plan looks at, from where the gate does.
std::vector<ObservationKey> RehearsalToObserve(const Organization& organization,
                                               const ObservedState& seen,
                                               const Plan& plan);

// `observed` is what the plan was made of, and what RehearsalToObserve() adds. Progress goes to
// `observer`. Waits are leapt over.
absl::StatusOr<RehearsalOutcome> RehearsePlan(const World& world,
                                              const Workspace& workspace,
                                              const ObservedState& observed,
                                              const Plan& plan,
                                              const RehearsalOptions& options,
                                              RunObserver& observer,
                                              const Interruption& interruption);

}  // namespace poolshift
