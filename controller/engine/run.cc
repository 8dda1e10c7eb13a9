#include "controller/engine/run.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"

#include "controller/engine/recheck.h"
#include "controller/engine/run_loop.h"
#include "controller/engine/takeover.h"
#include "controller/model/try.h"
#include "controller/policy/limits.h"
#include "controller/wire/record.h"

namespace poolshift {
namespace {

using Code = RunOutcome::Code;

RunOutcome Ended(Code code, std::string text) {
  RunOutcome outcome;
  outcome.code = code;
  outcome.text = std::move(text);
  return outcome;
}

RunOutcome Ended(Code code, const absl::Status& status) {
  return Ended(code, std::string(status.message()));
}

Code CodeOf(RunEnd end) {
  switch (end) {
    case RunEnd::kDone:
      return Code::kDone;
    case RunEnd::kGateTimeout:
      return Code::kGateTimeout;
    case RunEnd::kConflict:
      return Code::kStale;
    case RunEnd::kFenced:
      return Code::kFenced;
    case RunEnd::kInterrupted:
      return Code::kInterrupted;
    case RunEnd::kNone:
    case RunEnd::kFailed:
    case RunEnd::kUnrecorded:
      break;
  }
  return Code::kError;
}

// Everything that the plan, the policy and the people must agree on; no outside is asked.
std::vector<Refusal> Refusals(const Plan& plan, const RunOptions& options, absl::Time now) {
  std::vector<Refusal> refusals = plan.refusals;
  if (plan.organization != options.organization) {
    refusals.push_back({"organisation",
                        "the plan is for " + plan.organization + ", these manifests declare " +
                            options.organization,
                        "apply it with the manifests that it was made from",
                        "",
                        {}});
  }
  for (Refusal& each : CheckPolicy(options.policy, plan, now, options.override_reason)) {
    refusals.push_back(std::move(each));
  }
  for (Refusal& each : CheckApprovals(plan, options.approvals))
    refusals.push_back(std::move(each));
  return refusals;
}

absl::Status CheckProviders(const Plan& plan,
                            const RunOptions& options,
                            const RunContext& context) {
  std::set<std::string> names;
  for (const Action& action : plan.actions) {
    if (action.verb != Verb::kGate) names.insert(action.provider);  // gates ask `observers`
  }
  for (const auto& [key, name] : options.executor.observers)
    names.insert(name);
  for (const std::string& name : names) {
    if (context.providers.contains(name)) continue;
    return absl::NotFoundError("the plan needs provider " + name +
                               ", which is not declared; plan again");
  }
  return absl::OkStatus();
}

RunRecord RecordOf(const Plan& plan,
                   const RunOptions& options,
                   const Lease& lease,
                   absl::Time now) {
  PlanFile file;
  file.plan = plan;
  file.provider_digests = options.provider_digests;
  file.created = now;
  file.commit = options.commit;
  file.goal = options.goal;
  RunRecord run;
  run.plan_digest = PlanDigest(plan);
  run.plan_file = EncodePlanFile(file);
  run.commit = options.commit;
  run.who = options.holder.who;
  run.token = lease.token;
  run.override_reason = options.override_reason;
  run.follows = options.follows;
  run.follows_as = options.follows_as;
  run.started = now;
  run.single_use = options.single_use;
  run.consent = options.consent;
  run.program = options.program;
  return run;
}

RunPapers PapersOf(const RunOptions& options) {
  RunPapers papers;
  papers.approvals.assign(options.approvals.begin(), options.approvals.end());
  if (!options.inputs.has_value()) return papers;
  // The manifests hardly change from run to run: each text is kept once.
  PlanInputs inputs = *options.inputs;
  for (auto& [name, content] : inputs.manifests)
    papers.inputs.push_back({"manifest", name, std::exchange(content, "")});
  papers.inputs.push_back({"inputs", "", EncodeInputs(inputs)});
  return papers;
}

RunOutcome OutcomeOf(const RunState& state, std::int64_t run) {
  RunOutcome outcome = Ended(CodeOf(state.end), state.text);
  outcome.run = run;
  for (std::size_t i = 0; i < state.actions.size(); ++i) {
    const ActionProgress& progress = state.actions[i];
    outcome.actions.push_back(
        {state.plan->actions[i].id, progress.end, progress.text, progress.started, progress.ended});
  }
  return outcome;
}

std::string StaleText(const std::vector<std::string>& moved) {
  std::string text =
      "the world changed since the plan was made, so nothing was changed; plan again. What moved:";
  for (const std::string& line : moved)
    text += "\n  " + line;
  return text;
}

// With the lease held.
RunOutcome RunLeased(const Plan& plan,
                     const RunOptions& options,
                     const RunContext& context,
                     Lease& lease) {
  RealClock real;
  const Clock& clock = options.clock != nullptr ? *options.clock : real;
  const Recheck recheck(plan, options);
  // Also when nobody is displaced: a controller with a store of its own may have a write on its way
  // to a provider that this run only looks at, or writes to late.
  const absl::Status fenced = RaiseFences(context, recheck.Concerned(), lease);
  if (absl::IsAborted(fenced)) return Ended(Code::kFenced, fenced);
  if (!fenced.ok()) return Ended(Code::kError, fenced);
  const absl::StatusOr<std::int64_t> used =
      context.store.ConsumedBy(plan.organization, options.single_use);
  if (!used.ok()) return Ended(Code::kError, used.status());
  if (*used != 0) {
    return Ended(Code::kConsumed,
                 "this saved plan was used by run " + std::to_string(*used) +
                     "; a plan is used once: plan again, or go on from a run that did not end well "
                     "with `poolshift resume`");
  }
  const absl::Status settled = SettleEarlierRuns(plan.organization, options, context);
  if (absl::IsCancelled(settled)) return Ended(Code::kInterrupted, settled);
  if (!settled.ok()) return Ended(Code::kError, settled);
  const absl::StatusOr<std::vector<std::string>> moved = recheck.Moved(context);
  if (!moved.ok()) return Ended(Code::kError, moved.status());
  if (!moved->empty()) return Ended(Code::kStale, StaleText(*moved));

  RunPolicy executor = options.executor;
  // Two controllers never wait in step, and the token on record repeats a run exactly.
  if (executor.backoff.seed == 0) executor.backoff.seed = static_cast<std::uint64_t>(lease.token);
  absl::StatusOr<RunState> state =
      StartRun(std::make_shared<const Plan>(plan), std::move(executor));
  if (!state.ok()) return Ended(Code::kError, state.status());
  const absl::StatusOr<std::int64_t> run = context.store.BeginRun(
      plan.organization, RecordOf(plan, options, lease, clock.Now()), PapersOf(options));
  if (absl::IsFailedPrecondition(run.status())) return Ended(Code::kConsumed, run.status());
  if (absl::IsAborted(run.status())) return Ended(Code::kFenced, run.status());
  if (!run.ok()) return Ended(Code::kError, run.status());

  context.observer.RunStarted(*run, Remaining(*state, clock.Now()));
  RunLoop loop(options, context, clock, *run, lease.token);
  RunOutcome outcome = OutcomeOf(loop.Drive(*std::move(state)), *run);
  outcome.calls_left = loop.Close();
  const absl::Status ended =
      context.store.EndRun(plan.organization, *run, clock.Now(), Name(outcome.code), outcome.text);
  if (!ended.ok() && outcome.code == Code::kDone) outcome.code = Code::kError;
  if (!ended.ok())
    outcome.text += "\nthe end of the run could not be recorded: " + std::string(ended.message());
  const absl::Status kept = context.store.KeepHead(plan.organization);
  if (!kept.ok())
    context.observer.Remark("the journal's head could not be kept: " + std::string(kept.message()));
  return outcome;
}

}  // namespace

std::string_view Name(RunOutcome::Code code) {
  switch (code) {
    case Code::kDone:
      return "done";
    case Code::kError:
      return "failed";
    case Code::kRefused:
      return "refused";
    case Code::kStale:
      return "stale";
    case Code::kConsumed:
      return "consumed";
    case Code::kFenced:
      return "fenced";
    case Code::kGateTimeout:
      return "gate timed out";
    case Code::kInterrupted:
      return "interrupted";
  }
  return "";
}

int RunOutcome::ExitStatus() const {
  switch (code) {
    case Code::kDone:
      return 0;
    case Code::kError:
      return 1;
    case Code::kRefused:
      return 12;
    case Code::kStale:
    case Code::kConsumed:
    case Code::kFenced:
      return 13;
    case Code::kGateTimeout:
      return 14;
    case Code::kInterrupted:
      return 130;
  }
  return 1;
}

RunOutcome RunPlan(const Plan& plan, const RunOptions& options, const RunContext& context) {
  RealClock real;
  const Clock& clock = options.clock != nullptr ? *options.clock : real;
  std::vector<Refusal> refusals = Refusals(plan, options, clock.Now());
  if (!refusals.empty()) {
    RunOutcome outcome =
        Ended(Code::kRefused, "refused: " + refusals[0].text + "; " + refusals[0].hint);
    outcome.refusals = std::move(refusals);
    return outcome;
  }
  const absl::Status providers = CheckProviders(plan, options, context);
  if (!providers.ok()) return Ended(Code::kError, providers);
  absl::StatusOr<Lease> lease =
      context.store.AcquireLease(plan.organization, options.holder, clock.Now());
  if (!lease.ok()) return Ended(Code::kError, lease.status());
  RunOutcome outcome = RunLeased(plan, options, context, *lease);
  const absl::Status released = context.store.ReleaseLease(plan.organization, *lease);
  if (!released.ok())
    context.observer.Remark("the lease could not be given back: " +
                            std::string(released.message()));
  return outcome;
}

}  // namespace poolshift
