#include "controller/cli/back_out_run.h"

#include "controller/cli/outcome_report.h"
#include "controller/cli/run_now.h"
#include "controller/diff/difference.h"
#include "controller/engine/back_out.h"
#include "controller/engine/gate_observers.h"
#include "controller/engine/load.h"
#include "controller/model/try.h"
#include "controller/policy/limits.h"

namespace poolshift {
namespace {

ExitCode Hold(const Session& session, const std::string& why) {
  return session.Fail(kExitTimeout, "holding where the run stopped: " + why);
}

RunOptions OptionsBack(const FailedRun& failed, const Workspace& workspace, const Plan& back) {
  RunOptions options = failed.options;
  options.single_use.clear();
  options.inputs.reset();
  options.consent = "onGateFailure: back-out";
  options.goal = GoalDigest(failed.former.organization);
  options.follows = failed.outcome.run;
  options.follows_as = "backs out";
  // A run that was let in may end; it is not shut out half-way because its window has closed.
  options.policy.windows.clear();
  options.executor.observers = GateObservers(workspace.assignment(), back);
  return options;
}

ExitCode ProveBack(const Session& session, Workspace& workspace, const FailedRun& failed) {
  const absl::StatusOr<ObservedState> observed = workspace.Observe();
  if (!observed.ok()) return session.Fail(observed.status());
  const std::vector<Difference> left = Differences(failed.former.organization, *observed);
  for (const Difference& difference : left)
    session.Tell("not as it was: " + difference.text);
  if (!left.empty()) return session.Fail(kExitError, "it is not as it was before the run");
  failed.account.Said("Backed out: everything is as it was declared before.");
  return kExitTimeout;
}

}  // namespace

absl::StatusOr<FormerDeclaration> DeclaredBefore(Workspace& workspace,
                                                 const Plan& plan,
                                                 const ObservedState* observed) {
  const Organization& organization = workspace.organization();
  const bool wanted = organization.policy.on_gate_failure == Policy::GateFailure::kBackOut;
  if (!wanted || plan.gates() == 0) return FormerDeclaration{organization, {}};
  if (observed != nullptr) return FormerDeclarationOf(organization, *observed);
  POOLSHIFT_ASSIGN(const ObservedState now, workspace.Observe());
  return FormerDeclarationOf(organization, now);
}

bool BacksOut(const Policy& policy, const RunOutcome& outcome) {
  return policy.on_gate_failure == Policy::GateFailure::kBackOut &&
         outcome.code == RunOutcome::Code::kGateTimeout && outcome.calls_left == 0;
}

ExitCode BackOut(Session& session,
                 const Arguments& arguments,
                 Workspace& workspace,
                 const FailedRun& failed) {
  session.Fail(kExitTimeout, failed.outcome.text);
  failed.account.Ended(failed.plan, failed.outcome, ReportOf(failed.outcome));
  const absl::StatusOr<ObservedState> reached = workspace.Observe();
  if (!reached.ok()) return Hold(session, std::string(reached.status().message()));
  absl::StatusOr<Plan> back = PlanBack(failed.former, *reached, workspace);
  if (!back.ok()) return Hold(session, std::string(back.status().message()));
  session.Tell("onGateFailure: back-out; this is the way back");
  failed.account.Planned(*back);
  if (!back->refusals.empty()) return Hold(session, "there is no safe way back from there");
  const std::vector<Refusal> missing = CheckApprovals(*back, failed.options.approvals);
  if (!missing.empty()) return Hold(session, missing[0].text + "; " + missing[0].hint);
  if (back->actions.empty()) return ProveBack(session, workspace, failed);
  const absl::StatusOr<RunOutcome> outcome =
      RunNow(session, arguments, workspace, *back, OptionsBack(failed, workspace, *back));
  if (!outcome.ok()) return session.Fail(outcome.status());
  TellFailure(session, *outcome);
  failed.account.Ended(*back, *outcome, ReportOf(*outcome));
  if (outcome->calls_left > 0) failed.account.Finished(kExitError);
  if (outcome->code != RunOutcome::Code::kDone) {
    EndOf(session, *outcome);
    return kExitError;
  }
  return ProveBack(session, workspace, failed);
}

}  // namespace poolshift
