#include "controller/cli/run_now.h"

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "controller/cli/consent.h"
#include "controller/cli/cut_off_runs.h"
#include "controller/cli/event_stream.h"
#include "controller/cli/in_turns.h"
#include "controller/cli/interruption.h"
#include "controller/cli/progress.h"
#include "controller/engine/gate_observers.h"
#include "controller/engine/load.h"
#include "controller/engine/replay.h"
#include "controller/model/try.h"
#include "controller/store/store.h"
#include "controller/world/commit.h"

namespace poolshift {

namespace {

// Whoever keeps it elsewhere can tell later whether the record was changed (`history verify`).
void TellHead(const Session& session,
              Store& store,
              const std::string& organization,
              std::int64_t run) {
  const absl::StatusOr<ChainHead> head = store.Head(organization);
  if (head.ok())
    session.Tell("run " + std::to_string(run) + " is on record, journal head " + ToString(*head));
}

}  // namespace

RunOptions OptionsFor(const Session& session,
                      const Arguments& arguments,
                      const Workspace& workspace,
                      const Plan& plan) {
  RunOptions options;
  const Organization& organization = workspace.organization();
  options.organization = organization.name;
  options.holder = Holder(session);
  options.approvals = Approvals(arguments);
  options.policy = organization.policy;
  options.override_reason = arguments.Value("--override");
  options.provider_digests = workspace.programs();
  options.commit = CommitOf(*session.world.files, workspace.base_directory());
  options.consent = arguments.Has("--auto-approve") ? "--auto-approve" : "`yes` on the terminal";
  options.exporters = workspace.exporters();
  options.export_directory =
      std::filesystem::absolute(workspace.state_directory() + "/exports").string();
  options.program = ToString(ThisPlanner(POOLSHIFT_VERSION));
  options.goal = GoalDigest(organization);
  options.executor.observers = GateObservers(workspace.assignment(), plan);
  for (const auto& [name, provider] : organization.providers)
    options.executor.provider_limits[name] = provider.max_concurrent;
  return options;
}

absl::StatusOr<RunOutcome> RunNow(const Session& session,
                                  const Arguments& arguments,
                                  const Workspace& workspace,
                                  const Plan& plan,
                                  const RunOptions& options) {
  POOLSHIFT_ASSIGN(const std::unique_ptr<Store> store, Store::Open(workspace.state_directory()));
  POOLSHIFT_TRY(store->CheckJournal(options.organization));
  RunOutcome outcome;
  {
    Progress progress(session, plan);
    EventStream events(session, plan, progress);
    RunObserver& watching = arguments.Has("--json") ? static_cast<RunObserver&>(events) : progress;
    InTurns observer(plan, watching);
    const SignalWatch watch;
    outcome =
        RunPlan(plan, options, {workspace.providers(), *store, observer, watch.interruption()});
  }
  if (outcome.run != 0) TellHead(session, *store, options.organization, outcome.run);
  return outcome;
}

void TellFailure(Session& session, const RunOutcome& outcome) {
  for (const Refusal& refusal : outcome.refusals) {
    session.Fail(kExitRefused, refusal.text + (refusal.hint.empty() ? "" : "; " + refusal.hint));
  }
  if (!outcome.text.empty()) session.Fail(kExitError, outcome.text);
}

ExitCode EndOf(Session& session, const RunOutcome& outcome) {
  const auto code = static_cast<ExitCode>(outcome.ExitStatus());
  if (outcome.calls_left == 0) return code;
  session.out.flush();
  session.err.flush();
  std::_Exit(code);
}

}  // namespace poolshift
