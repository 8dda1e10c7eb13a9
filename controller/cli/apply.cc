#include <algorithm>

#include "controller/cli/consent.h"
#include "controller/cli/cut_off_runs.h"
#include "controller/cli/drift_look.h"
#include "controller/cli/outcome_report.h"
#include "controller/cli/plan_saving.h"
#include "controller/cli/run_now.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/engine/run.h"
#include "controller/model/try.h"
#include "controller/report/plan_text.h"
#include "controller/report/run_report.h"

namespace poolshift {
namespace {

// What is to be carried out, and where it comes from.
struct Task {
  std::vector<std::string> paths;  // of the manifests
  std::optional<PlanFile> saved;
};

absl::StatusOr<Task> ReadTask(const Session& session, const Arguments& arguments) {
  Task task;
  task.paths = PathsOf(arguments);
  if (arguments.words().empty() || !IsPlanFile(arguments.words().front())) return task;
  POOLSHIFT_ASSIGN(task.saved, LoadPlan(session, task.paths.front()));
  task.paths.erase(task.paths.begin());
  if (task.paths.empty()) task.paths = {"."};
  return task;
}

// The proof at the end of a run: another look must find nothing.
ExitCode ProveEnd(Session& session, Workspace& workspace) {
  const absl::StatusOr<DriftReport> drift = LookForDrift(session, workspace);
  if (!drift.ok()) return session.Fail(drift.status());
  session.out << DriftText(*drift, session.out_style);
  return drift->entries.empty() ? kExitOk : kExitError;
}

// Nothing has moved, so drift is no proof: what was lowered is on record, and the rest is time.
ExitCode TellPrepared(Session& session, const Plan& plan) {
  std::int64_t longest = 0;
  for (const Action& action : plan.actions)
    longest = std::max(longest, action.before.IntegerOr("ttl", 0));
  session.out << "Prepared. Cut over with --phase cut-over from "
              << absl::FormatTime("%Y-%m-%d %H:%M:%S",
                                  session.now() + absl::Seconds(longest),
                                  absl::UTCTimeZone())
              << " UTC on.\n";
  return kExitOk;
}

std::string ResumeCommand(const Arguments& arguments, const std::vector<std::string>& paths) {
  std::string command = "poolshift apply";
  for (const char* option : {"--state-dir", "--plugin-dir", "--phase"})
    if (arguments.Has(option)) command += ' ' + std::string(option) + ' ' + arguments.Value(option);
  if (arguments.Has("--prefer-time")) command += " --prefer-time";
  for (const std::string& path : paths)
    command += ' ' + path;
  return command;
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
              const Plan& plan,
              const RunOutcome& outcome) {
  TellFailure(session, outcome);
  if (outcome.run == 0) return;  // it never began: nothing was changed
  RunReport report = ReportOf(outcome);
  report.resume = ResumeCommand(arguments, task.paths);
  if (outcome.calls_left == 0) report.continuation = Continuation(session, arguments, task.paths);
  session.out << RunText(plan, report, session.out_style);
}

RunOptions Options(const Session& session,
                   const Arguments& arguments,
                   const Workspace& workspace,
                   const Task& task,
                   const Planning& planning) {
  RunOptions options = OptionsFor(session, arguments, workspace, *planning.plan);
  if (!task.saved.has_value()) {
    options.inputs = RecordedInputs(workspace, planning);
    return options;
  }
  options.single_use = task.saved->identity;
  options.commit = task.saved->commit;
  options.consent = "a saved plan";
  options.inputs = task.saved->inputs;
  return options;
}

ExitCode CarryOut(Session& session,
                  const Arguments& arguments,
                  Workspace& workspace,
                  const Task& task,
                  const Planning& planning) {
  const Plan& plan = *planning.plan;
  const RunOptions options = Options(session, arguments, workspace, task, planning);
  const absl::StatusOr<RunOutcome> run = RunNow(session, workspace, plan, options);
  if (!run.ok()) return session.Fail(run.status());
  const RunOutcome& outcome = *run;
  if (outcome.code == RunOutcome::Code::kDone) {
    session.out << RunText(plan, ReportOf(outcome), session.out_style);
    return plan.phase == Name(MovePhase::kPrepare) ? TellPrepared(session, plan)
                                                   : ProveEnd(session, workspace);
  }
  TellRest(session, arguments, task, plan, outcome);
  return EndOf(session, outcome);
}

// The plan to carry out: the saved one, or one made now.
Planning Prepare(Session& session,
                 const Arguments& arguments,
                 Workspace& workspace,
                 const Task& task,
                 MovePhase phase) {
  if (task.saved.has_value()) {
    const absl::Status programs = CheckPrograms(*task.saved, workspace);
    if (!programs.ok()) return {std::nullopt, session.Fail(programs)};
    return {task.saved->plan, kExitOk};
  }
  const ExitCode settled = SettleCutOffRuns(session, workspace);
  if (settled != kExitOk) return {std::nullopt, settled};
  return MakePlanNow(session, workspace, phase, ObjectiveOf(arguments));
}

ExitCode RunApply(Session& session, const Arguments& arguments) {
  const absl::StatusOr<Task> task = ReadTask(session, arguments);
  if (!task.ok()) return session.Fail(task.status());
  const absl::StatusOr<MovePhase> phase = PhaseOf(arguments);
  if (!phase.ok()) return session.Fail(phase.status());
  const Opening opening = OpenWorkspace(session, arguments, task->paths, /*read_only=*/false);
  if (opening.workspace == nullptr) return opening.code;
  const Planning planning = Prepare(session, arguments, *opening.workspace, *task, *phase);
  if (!planning.plan.has_value()) return planning.code;
  const Plan& plan = *planning.plan;
  session.out << PlanText(plan, session.out_style) << std::flush;
  if (!plan.refusals.empty()) return kExitRefused;
  if (plan.actions.empty() && *phase == MovePhase::kPrepare) return kExitOk;
  if (plan.actions.empty()) return ProveEnd(session, *opening.workspace);
  const ExitCode consent = AskConsent(session, arguments, plan, task->saved.has_value());
  if (consent != kExitOk) return consent;
  session.out << '\n' << std::flush;
  return CarryOut(session, arguments, *opening.workspace, *task, planning);
}

}  // namespace

Command ApplyCommand() {
  Command command;
  command.name = "apply";
  command.words = "[PLANFILE] [PATH...]";
  command.summary = "carry a plan out, and prove that it worked";
  command.text =
      "Settles what a run that was cut off left in doubt, plans as `poolshift plan` does, asks for "
      "`yes`, carries the plan out, looks again, and ends "
      "with `No drift.` A saved plan is carried out as it is, without asking, if the world is "
      "still as it was when the plan was made; it can be used once. The paths name the manifests, "
      "the current folder when there is none.\n"
      "When an action fails, what depends on it is not begun, what runs is finished, and the "
      "output says what was done, what was not, and the plan that is left. Ctrl-C does the same; "
      "a second Ctrl-C stops the waiting.\n"
      "Exit codes: 0 done and no drift, 1 an action failed, 11 a provider is not the program that "
      "was pinned or that made the plan, 12 refused or not approved, 13 the "
      "world moved or the plan was used, 14 a gate did not open in time, 130 interrupted.";
  command.most_words = kAnyNumber;
  command.options = {
      {"--auto-approve", "", "do not ask for `yes`", ""},
      PhaseOption(),
      TimeOption(),
      {"--approve", "KIND/NAME", "approve one action that may lose data; may be repeated", ""},
      {"--override", "REASON", "go on outside the change windows; the reason is recorded", ""}};
  command.examples = {"poolshift apply manifests/xmpp-failover",
                      "poolshift apply night.plan /etc/poolshift/contoso",
                      "poolshift apply --auto-approve --approve PoolFailover/fe1.contoso.net ."};
  command.run = RunApply;
  return command;
}

}  // namespace poolshift
