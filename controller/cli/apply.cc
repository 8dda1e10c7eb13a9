#include "controller/cli/carry_out.h"
#include "controller/cli/consent.h"
#include "controller/cli/cut_off_runs.h"
#include "controller/cli/plan_saving.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

// The saved plan of the first word, if it is one; `paths` are then those after it.
absl::StatusOr<std::optional<PlanFile>> ReadSaved(const Session& session,
                                                  const Arguments& arguments,
                                                  std::vector<std::string>& paths) {
  if (arguments.words().empty() || !IsPlanFile(arguments.words().front())) return std::nullopt;
  POOLSHIFT_ASSIGN(PlanFile saved, LoadPlan(session, paths.front()));
  paths.erase(paths.begin());
  if (paths.empty()) paths = {"."};
  return saved;
}

// The plan to carry out: the saved one, or one made now.
Planning Prepare(Session& session,
                 const Arguments& arguments,
                 Workspace& workspace,
                 const std::optional<PlanFile>& saved,
                 MovePhase phase) {
  if (saved.has_value()) {
    const absl::Status programs = CheckPrograms(*saved, workspace);
    if (!programs.ok()) return {std::nullopt, session.Fail(programs)};
    return {saved->plan, kExitOk};
  }
  const ExitCode settled = SettleCutOffRuns(session, workspace, arguments);
  if (settled != kExitOk) return {std::nullopt, settled};
  return MakePlanNow(session, workspace, phase, ObjectiveOf(arguments));
}

void TakeSaved(const PlanFile& saved, Task& task) {
  task.inputs = saved.inputs;
  task.single_use = saved.identity;
  task.commit = saved.commit;
  task.consent = "a saved plan";
}

ExitCode Apply(Session& session, const Arguments& arguments, const Account& account) {
  Task task;
  task.paths = PathsOf(arguments);
  const auto saved = ReadSaved(session, arguments, task.paths);
  if (!saved.ok()) return session.Fail(saved.status());
  const absl::StatusOr<MovePhase> phase = PhaseOf(arguments);
  if (!phase.ok()) return session.Fail(phase.status());
  const absl::Status takeover = CheckTakeover(arguments, saved->has_value());
  if (!takeover.ok()) return session.Fail(takeover);
  const Opening opening = OpenWorkspace(session, arguments, task.paths, /*read_only=*/false);
  if (opening.workspace == nullptr) return opening.code;
  Workspace& workspace = *opening.workspace;
  const Planning planning = Prepare(session, arguments, workspace, *saved, *phase);
  if (!planning.plan.has_value()) return planning.code;
  task.plan = *planning.plan;
  account.Planned(task.plan);
  if (!task.plan.refusals.empty()) return kExitRefused;
  if (task.plan.actions.empty() && *phase == MovePhase::kPrepare) return kExitOk;
  if (task.plan.actions.empty()) return ProveEnd(session, workspace, account);
  const ExitCode consent = AskConsent(session, arguments, task.plan, saved->has_value());
  if (consent != kExitOk) return consent;
  if (!account.json()) session.out << '\n' << std::flush;
  if (saved->has_value()) {
    TakeSaved(**saved, task);
  } else {
    task.inputs = RecordedInputs(workspace, planning);
  }
  return CarryOut(session, arguments, workspace, task, account);
}

ExitCode RunApply(Session& session, const Arguments& arguments) {
  const Account account(session, arguments);
  return account.Finished(Apply(session, arguments, account));
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
      "output says what was done, what was not, and the plan that is left; `poolshift resume` goes "
      "on from there. Where the policy declares `onGateFailure: back-out`, a gate that does not "
      "open is followed by the way back. Ctrl-C stops like a failure; "
      "a second Ctrl-C stops the waiting.\n"
      "With --takeover a controller elsewhere, with the manifests but without the record of a run, "
      "finishes from what it sees: its fencing token is greater than every one that the providers "
      "have seen, and it raises their fences before it looks, so that the earlier controller, "
      "should "
      "it wake up, changes nothing more. Where a platform has no fence, the plan says `unfenced`.\n"
      "Exit codes: 0 done and no drift, 1 an action failed, 11 a provider is not the program that "
      "was pinned or that made the plan, 12 refused or not approved, 13 the "
      "world moved or the plan was used, 14 a gate did not open in time, 130 interrupted.";
  command.most_words = kAnyNumber;
  command.options = CarryOutOptions();
  command.options.push_back(PhaseOption());
  command.options.push_back(TimeOption());
  command.options.push_back(
      {"--takeover", "", "take the right to write from whoever holds it, wherever that is", ""});
  command.options.push_back({"--reason", "TEXT", "why it is taken over; recorded", ""});
  command.examples = {"poolshift apply manifests/xmpp-failover",
                      "poolshift apply night.plan /etc/poolshift/contoso",
                      "poolshift apply --auto-approve --approve PoolFailover/fe1.contoso.net .",
                      "poolshift apply --takeover --reason 'Site1 is dark' /etc/poolshift/contoso"};
  command.run = RunApply;
  return command;
}

}  // namespace poolshift
