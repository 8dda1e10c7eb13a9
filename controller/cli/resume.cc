#include <memory>
#include <optional>
#include <utility>

#include "controller/cli/back_out_run.h"
#include "controller/cli/carry_out.h"
#include "controller/cli/consent.h"
#include "controller/cli/cut_off_runs.h"
#include "controller/cli/run_now.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/engine/load.h"
#include "controller/engine/recorded_run.h"
#include "controller/model/try.h"
#include "controller/policy/coverage.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

absl::StatusOr<std::optional<RecordedRun>> LatestRun(const Workspace& workspace) {
  const std::string& organization = workspace.organization().name;
  POOLSHIFT_ASSIGN(const std::unique_ptr<Store> store, Store::Open(workspace.state_directory()));
  POOLSHIFT_ASSIGN(const std::vector<RunRecord> runs,
                   store->Runs(organization, 1, Store::Plans::kLeaveOut));
  if (runs.empty()) return std::nullopt;
  return ReadRun(*store, organization, runs.front().id);
}

std::string Plain(const RunRecord& run) {
  return "run " + std::to_string(run.id) + " of " + run.who;
}

// Why the approval of the interrupted run does not cover what is left; "" = it does.
std::string WhyAsk(const RecordedRun& interrupted, const Workspace& workspace, const Plan& rest) {
  if (interrupted.file.goal != GoalDigest(workspace.organization()))
    return "the manifests are not those that " + Plain(interrupted.run) + " was approved for";
  const std::vector<const Action*> missing = NotCovered(interrupted.file.plan, rest);
  std::string text;
  for (const Action* action : missing)
    text += (text.empty() ? "" : ", ") + action->id + " (" + action->title + ")";
  return text.empty() ? "" : "not in the plan of " + Plain(interrupted.run) + ": " + text;
}

absl::StatusOr<MovePhase> PhaseNamed(std::string_view name) {
  for (const MovePhase phase : {MovePhase::kWhole, MovePhase::kPrepare, MovePhase::kCutOver})
    if (name == Name(phase)) return phase;
  return absl::DataLossError("the interrupted plan has an unknown phase; plan again");
}

// Says whether the approval reaches; asks when it does not.
ExitCode Consent(Session& session,
                 const Arguments& arguments,
                 const RecordedRun& interrupted,
                 const Workspace& workspace,
                 Task& task) {
  const std::string why = WhyAsk(interrupted, workspace, task.plan);
  if (!why.empty()) {
    session.Tell("a person must approve what is left: " + why);
    return AskConsent(session, arguments, task.plan, /*asked_before=*/false);
  }
  session.Tell("covered by the approval of " + Plain(interrupted.run));
  task.consent =
      "the consent to run " + std::to_string(interrupted.run.id) + ": " + interrupted.run.consent;
  task.override_reason = interrupted.run.override_reason;
  for (const Action& action : task.plan.actions)
    if (action.needs_approval) task.approved.insert(action.id);
  return kExitOk;
}

ExitCode GoOn(Session& session,
              const Arguments& arguments,
              Workspace& workspace,
              const RecordedRun& interrupted,
              Task task,
              const Account& account) {
  const absl::StatusOr<MovePhase> phase = PhaseNamed(interrupted.file.plan.phase);
  if (!phase.ok()) return session.Fail(phase.status());
  const Objective objective = interrupted.file.inputs.has_value()
                                  ? interrupted.file.inputs->objective
                                  : Objective::kFewestActions;
  const Planning planning = MakePlanNow(session, workspace, *phase, objective);
  if (!planning.plan.has_value()) return planning.code;
  task.plan = *planning.plan;
  task.inputs = RecordedInputs(workspace, planning);
  KeepBefore(interrupted, *task.inputs);
  task.follows = interrupted.run.id;
  task.follows_as = "resumes";
  account.Planned(task.plan);
  if (!task.plan.refusals.empty()) return kExitRefused;
  if (task.plan.actions.empty()) return ProveEnd(session, workspace, account);
  const ExitCode consent = Consent(session, arguments, interrupted, workspace, task);
  if (consent != kExitOk) return consent;
  if (!account.json()) session.out << '\n' << std::flush;
  return CarryOut(session, arguments, workspace, task, account);
}

ExitCode Resume(Session& session, const Arguments& arguments, const Account& account) {
  Task task;
  task.paths = PathsOf(arguments);
  const Opening opening = OpenWorkspace(session, arguments, task.paths, /*read_only=*/false);
  if (opening.workspace == nullptr) return opening.code;
  Workspace& workspace = *opening.workspace;
  const ExitCode settled = SettleCutOffRuns(session, workspace, arguments);
  if (settled != kExitOk) return settled;
  const absl::StatusOr<std::optional<RecordedRun>> latest = LatestRun(workspace);
  if (!latest.ok()) return session.Fail(latest.status());
  const std::string& organization = workspace.organization().name;
  if (!latest->has_value()) {
    account.Said("Nothing to resume: no run of " + organization + " is on record here.");
    return kExitOk;
  }
  const RecordedRun& interrupted = **latest;
  if (interrupted.run.outcome == Name(RunOutcome::Code::kDone)) {
    account.Said("Nothing to resume: " + Plain(interrupted.run) + " ended as it should.");
    return kExitOk;
  }
  session.Tell("resuming " + Plain(interrupted.run) + ", which ended as `" +
               interrupted.run.outcome + "`");
  if (const auto way_back = UnfinishedWayBack(workspace, interrupted)) {
    const RunOptions options = OptionsOfRecord(
        OptionsFor(session, arguments, workspace, interrupted.file.plan), interrupted);
    return GoBack(session,
                  arguments,
                  workspace,
                  {way_back->run, false, way_back->before, options, task.paths, account});
  }
  return GoOn(session, arguments, workspace, interrupted, std::move(task), account);
}

ExitCode RunResume(Session& session, const Arguments& arguments) {
  const Account account(session, arguments);
  return account.Finished(Resume(session, arguments, account));
}

}  // namespace

Command ResumeCommand() {
  Command command;
  command.name = "resume";
  command.words = "[PATH...]";
  command.summary = "go on from a run that did not reach its end";
  command.text =
      "After a crash, a kill, Ctrl-C or a failure: takes the lease, finds out what became of every "
      "action that was under way, looks at what is there now, plans what is left, and carries it "
      "out. It may itself be killed and run again, any number of times.\n"
      "Nobody is asked again while the manifests declare what they declared then and everything "
      "that "
      "is left was in the approved plan, change for change and command for command. Otherwise it "
      "says "
      "what is new and asks as `apply` does. Change windows hold as for any run, and what was let "
      "in outside of them with --override may end there.\n"
      "Where the policy declares `onGateFailure: back-out`, a run that stopped at a gate is taken "
      "back, and a way back that was cut off is finished; `poolshift apply` goes forward again.\n"
      "Exit codes: as `apply`; 0 also when there is nothing to resume.";
  command.most_words = kAnyNumber;
  command.options = CarryOutOptions();
  command.examples = {"poolshift resume manifests/xmpp-failover",
                      "poolshift resume --override 'the move must end' /etc/poolshift/contoso"};
  command.run = RunResume;
  return command;
}

}  // namespace poolshift
