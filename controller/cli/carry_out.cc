#include "controller/cli/carry_out.h"

#include <algorithm>
#include <optional>

#include "controller/cli/back_out_run.h"
#include "controller/cli/drift_look.h"
#include "controller/cli/outcome_report.h"
#include "controller/cli/run_now.h"

namespace poolshift {
namespace {

// Nothing has moved, so drift is no proof: what was lowered is on record, and the rest is time.
ExitCode TellPrepared(const Session& session, const Account& account, const Plan& plan) {
  std::int64_t longest = 0;
  for (const Action& action : plan.actions)
    longest = std::max(longest, action.before.IntegerOr("ttl", 0));
  account.Said("Prepared. Cut over with --phase cut-over from " +
               absl::FormatTime("%Y-%m-%d %H:%M:%S",
                                session.now() + absl::Seconds(longest),
                                absl::UTCTimeZone()) +
               " UTC on.");
  for (const LeftOut& each : plan.left_out)
    account.Said("Not prepared: " + each.part + ": " + each.because.text + '.');
  return plan.left_out.empty() ? kExitOk : kExitError;
}

// The plan that is left from here. Looks with providers that are started anew: what stopped the run
// may be the end of one.
std::optional<Plan> Continuation(Session& session,
                                 const Arguments& arguments,
                                 const std::vector<std::string>& paths) {
  const Opening opening = OpenWorkspace(session, arguments, paths, /*read_only=*/true);
  if (opening.workspace == nullptr) return std::nullopt;
  return MakePlanNow(session, *opening.workspace, MovePhase::kWhole, ObjectiveOf(arguments)).plan;
}

// What was not done, and the plan that is left from here.
void TellRest(Session& session,
              const Arguments& arguments,
              const Task& task,
              const RunOutcome& outcome,
              const Account& account) {
  TellFailure(session, outcome);
  RunReport report = ReportOf(outcome);
  if (outcome.run != 0) {  // else it never began: nothing was changed
    report.resume = ContinueLine(arguments, task.paths);
    if (outcome.calls_left == 0 && !account.json())
      report.continuation = Continuation(session, arguments, task.paths);
  }
  account.Ended(task.plan, outcome, report);
}

RunOptions Options(const Session& session,
                   const Arguments& arguments,
                   const Workspace& workspace,
                   const Task& task) {
  RunOptions options = OptionsFor(session, arguments, workspace, task.plan);
  options.approvals.insert(task.approved.begin(), task.approved.end());
  options.inputs = task.inputs;
  options.single_use = task.single_use;
  if (!task.commit.empty()) options.commit = task.commit;
  if (!task.consent.empty()) options.consent = task.consent;
  if (options.override_reason.empty()) options.override_reason = task.override_reason;
  options.follows = task.follows;
  options.follows_as = task.follows_as;
  return options;
}

}  // namespace

ExitCode ProveEnd(Session& session, Workspace& workspace, const Account& account) {
  const absl::StatusOr<DriftReport> drift = LookForDrift(session, workspace);
  if (!drift.ok()) return session.Fail(drift.status());
  account.Proved(*drift);
  return drift->entries.empty() ? kExitOk : kExitError;
}

ExitCode CarryOut(Session& session,
                  const Arguments& arguments,
                  Workspace& workspace,
                  const Task& task,
                  const Account& account) {
  const RunOptions options = Options(session, arguments, workspace, task);
  const bool just_made = task.single_use.empty() && task.inputs.has_value();
  const absl::StatusOr<std::optional<ObservedState>> before =
      SeenBefore(workspace, task.plan, just_made ? &task.inputs->observed : nullptr);
  if (!before.ok()) return session.Fail(before.status());
  const absl::StatusOr<RunOutcome> run = RunNow(session, arguments, workspace, task.plan, options);
  if (!run.ok()) return session.Fail(run.status());
  if (run->code == RunOutcome::Code::kDone) {
    account.Ended(task.plan, *run, ReportOf(*run));
    return task.plan.phase == Name(MovePhase::kPrepare) ? TellPrepared(session, account, task.plan)
                                                        : ProveEnd(session, workspace, account);
  }
  if (before->has_value() && BacksOut(workspace.organization().policy, *run)) {
    return BackOut(session,
                   arguments,
                   workspace,
                   task.plan,
                   *run,
                   {run->run, **before, options, task.paths, account});
  }
  TellRest(session, arguments, task, *run, account);
  if (run->calls_left > 0) account.Finished(static_cast<ExitCode>(run->ExitStatus()));
  return EndOf(session, *run);
}

std::vector<OptionSpec> CarryOutOptions() {
  return {{"--auto-approve", "", "do not ask for `yes`", ""},
          {"--approve", "KIND/NAME", "approve one action that may lose data; may be repeated", ""},
          {"--override", "REASON", "go on outside the change windows; the reason is recorded", ""},
          {"--json",
           "",
           "what happens, for programs: one JSON object a line (docs/run-events.md)",
           ""}};
}

}  // namespace poolshift
