#include "controller/cli/back_out_run.h"

#include <algorithm>

#include "controller/cli/outcome_report.h"
#include "controller/cli/run_now.h"
#include "controller/diff/difference.h"
#include "controller/engine/back_out.h"
#include "controller/engine/gate_observers.h"
#include "controller/engine/load.h"
#include "controller/engine/replay.h"
#include "controller/federation/former_declaration.h"
#include "controller/model/try.h"
#include "controller/policy/limits.h"

namespace poolshift {
namespace {

constexpr std::string_view kBacksOut = "backs out";

ExitCode Hold(const Session& session, const std::string& why) {
  return session.Fail(kExitTimeout, "holding where the run stopped: " + why);
}

bool WantsWayBack(const Policy& policy) {
  return policy.on_gate_failure == Policy::GateFailure::kBackOut;
}

// Everything that the way back is made from, for the record.
PlanInputs InputsBack(const Workspace& workspace,
                      const ObservedState& reached,
                      const ObservedState& before) {
  PlanInputs inputs = InputsOf(
      workspace, reached, {}, Objective::kFewestActions, {}, ThisPlanner(POOLSHIFT_VERSION));
  inputs.before = before;
  inputs.takes_back = true;
  return inputs;
}

RunOptions OptionsBack(const TakenBack& taken,
                       const FormerDeclaration& former,
                       const Workspace& workspace,
                       const ObservedState& reached,
                       const Plan& back) {
  RunOptions options = taken.options;
  options.single_use.clear();
  options.inputs = InputsBack(workspace, reached, taken.before);
  options.consent = "onGateFailure: back-out";
  options.goal = GoalDigest(former.organization);
  options.follows = taken.run;
  options.follows_as = kBacksOut;
  // What was let in may end; it is not shut out half-way because its window has closed.
  if (taken.goes_on) options.policy.windows.clear();
  options.executor.observers = GateObservers(workspace.assignment(), back);
  return options;
}

ExitCode ProveBack(const Session& session,
                   Workspace& workspace,
                   const FormerDeclaration& former,
                   const Account& account) {
  const absl::StatusOr<ObservedState> observed = workspace.Observe();
  if (!observed.ok()) return session.Fail(observed.status());
  const std::vector<Difference> left = Differences(former.organization, *observed);
  for (const Difference& difference : left)
    session.Tell("not as it was: " + difference.text);
  if (!left.empty()) return session.Fail(kExitError, "it is not as it was before the run");
  account.Said("Backed out: everything is as it was declared before.");
  return kExitTimeout;
}

// A gate stopped it, though it may have been cut off before it could say so.
bool StoppedAtGate(const RecordedRun& run) {
  if (run.run.outcome == Name(RunOutcome::Code::kGateTimeout)) return true;
  if (run.run.outcome != kCutOff) return false;
  return std::any_of(run.evidence.begin(),
                     run.evidence.end(),
                     [](const auto& each) { return each.text.starts_with(kDidNotOpen); }) ||
         std::any_of(run.results.begin(), run.results.end(), [](const auto& each) {
           return each.text.starts_with(kNoLongerSo);
         });
}

}  // namespace

RunOptions OptionsOfRecord(RunOptions options, const RecordedRun& run) {
  for (const EventRow& event : run.events)
    if (event.kind == "approval") options.approvals.insert(event.text);
  if (options.override_reason.empty()) options.override_reason = run.run.override_reason;
  return options;
}

const ObservedState& BeforeOf(const PlanInputs& inputs) {
  return inputs.before.has_value() ? *inputs.before : inputs.observed;
}

void KeepBefore(const RecordedRun& interrupted, PlanInputs& inputs) {
  if (interrupted.file.inputs.has_value()) inputs.before = BeforeOf(*interrupted.file.inputs);
}

absl::StatusOr<std::optional<ObservedState>> SeenBefore(Workspace& workspace,
                                                        const Plan& plan,
                                                        const ObservedState* observed) {
  if (!WantsWayBack(workspace.organization().policy) || plan.gates() == 0) return std::nullopt;
  if (observed != nullptr) return *observed;
  POOLSHIFT_ASSIGN(ObservedState now, workspace.Observe());
  return now;
}

bool BacksOut(const Policy& policy, const RunOutcome& outcome) {
  return WantsWayBack(policy) && outcome.code == RunOutcome::Code::kGateTimeout &&
         outcome.calls_left == 0;
}

std::optional<Unfinished> UnfinishedWayBack(const Workspace& workspace, const RecordedRun& latest) {
  if (!latest.file.inputs.has_value()) return std::nullopt;
  const Organization& organization = workspace.organization();
  if (latest.run.follows_as == kBacksOut) {
    const std::optional<ObservedState>& before = latest.file.inputs->before;
    if (!before.has_value()) return std::nullopt;
    const FormerDeclaration former = FormerDeclarationOf(organization, *before);
    if (latest.file.goal != GoalDigest(former.organization)) return std::nullopt;
    return Unfinished{latest.run.follows, *before};
  }
  const bool same = latest.file.goal == GoalDigest(organization);
  if (!WantsWayBack(organization.policy) || !same || !StoppedAtGate(latest)) return std::nullopt;
  return Unfinished{latest.run.id, BeforeOf(*latest.file.inputs)};
}

ExitCode BackOut(Session& session,
                 const Arguments& arguments,
                 Workspace& workspace,
                 const Plan& failed,
                 const RunOutcome& outcome,
                 const TakenBack& taken) {
  session.Fail(kExitTimeout, outcome.text);
  taken.account.Ended(failed, outcome, ReportOf(outcome));
  return GoBack(session, arguments, workspace, taken);
}

ExitCode GoBack(Session& session,
                const Arguments& arguments,
                Workspace& workspace,
                const TakenBack& taken) {
  const FormerDeclaration former = FormerDeclarationOf(workspace.organization(), taken.before);
  const absl::StatusOr<ObservedState> reached = workspace.Observe();
  if (!reached.ok()) return Hold(session, std::string(reached.status().message()));
  absl::StatusOr<Plan> back = PlanBack(former, *reached, workspace);
  if (!back.ok()) return Hold(session, std::string(back.status().message()));
  session.Tell("onGateFailure: back-out; this is the way back");
  taken.account.Planned(*back);
  if (!back->refusals.empty()) return Hold(session, "there is no safe way back from there");
  const std::vector<Refusal> missing = CheckApprovals(*back, taken.options.approvals);
  if (!missing.empty()) return Hold(session, missing[0].text + "; " + missing[0].hint);
  if (back->actions.empty()) return ProveBack(session, workspace, former, taken.account);
  const absl::StatusOr<RunOutcome> outcome = RunNow(
      session, arguments, workspace, *back, OptionsBack(taken, former, workspace, *reached, *back));
  if (!outcome.ok()) return session.Fail(outcome.status());
  if (outcome->code == RunOutcome::Code::kDone) {
    taken.account.Ended(*back, *outcome, ReportOf(*outcome));
    return ProveBack(session, workspace, former, taken.account);
  }
  TellFailure(session, *outcome);
  RunReport report = ReportOf(*outcome);
  if (outcome->run != 0) report.resume = ContinueLine(arguments, taken.paths);
  taken.account.Ended(*back, *outcome, report);
  const bool interrupted = outcome->code == RunOutcome::Code::kInterrupted;
  const ExitCode code = interrupted ? kExitInterrupted : kExitError;
  if (outcome->calls_left > 0) taken.account.Finished(code);
  return EndOf(session, *outcome, code);
}

}  // namespace poolshift
