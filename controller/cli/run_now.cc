#include "controller/cli/run_now.h"

#include <cstdlib>
#include <memory>

#include "controller/cli/consent.h"
#include "controller/cli/cut_off_runs.h"
#include "controller/cli/interruption.h"
#include "controller/cli/progress.h"
#include "controller/engine/event_stream.h"
#include "controller/engine/in_turns.h"
#include "controller/engine/replay.h"
#include "controller/engine/run_options.h"
#include "controller/model/try.h"
#include "controller/store/store.h"

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
  RunOptions options =
      RunOptionsFor(workspace, plan, Holder(session), ToString(ThisPlanner(POOLSHIFT_VERSION)));
  options.approvals = Approvals(arguments);
  options.override_reason = arguments.Value("--override");
  options.commit = workspace.commit();
  options.consent = arguments.Has("--auto-approve") ? "--auto-approve" : "`yes` on the terminal";
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
    const auto print = [&session](const std::string& line) { session.out << line << std::flush; };
    EventStream events(*session.world.clock, print, plan, progress);
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

std::string ContinueLine(const Arguments& arguments, const std::vector<std::string>& paths) {
  std::string command = "poolshift resume";
  for (const char* option : {"--state-dir", "--plugin-dir"})
    if (arguments.Has(option)) command += ' ' + std::string(option) + ' ' + arguments.Value(option);
  for (const std::string& path : paths)
    command += ' ' + path;
  return command;
}

ExitCode EndOf(Session& session, const RunOutcome& outcome) {
  return EndOf(session, outcome, static_cast<ExitCode>(outcome.ExitStatus()));
}

ExitCode EndOf(Session& session, const RunOutcome& outcome, ExitCode code) {
  if (outcome.calls_left == 0) return code;
  session.out.flush();
  session.err.flush();
  std::_Exit(code);
}

}  // namespace poolshift
