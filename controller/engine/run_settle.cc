// Settling what earlier runs left in doubt: under its recorded key first, then by looking at the
// target.
#include <algorithm>
#include <utility>

#include "absl/status/status.h"

#include "controller/apply/settlement.h"
#include "controller/engine/run.h"
#include "controller/engine/takeover.h"
#include "controller/model/gone.h"
#include "controller/model/try.h"
#include "controller/wire/record.h"

namespace poolshift {
namespace {

constexpr int kPolls = 20;  // of what is not yet known, within the patience

// What became of one intent; `known` is false while it has to be asked again.
struct Finding {
  bool known = false;
  ActionEnd end = ActionEnd::kNotDone;
  std::string text;
  std::string revision;
  bool gone = false;  // nobody is left who could tell
};

Finding ByLooking(const Action& action, Provider& provider, absl::Duration deadline) {
  const absl::StatusOr<std::vector<Observation>> seen =
      provider.Observe({{action.target, ""}}, deadline);
  Observation observation;
  if (!seen.ok()) observation.reason = std::string(seen.status().message());
  if (seen.ok() && seen->size() == 1) observation = seen->front();
  const std::string shows = ToString(action.target) + " is " + Describe(action, observation);
  switch (Judge(action, observation)) {
    case Verdict::kDone:
      return {true, ActionEnd::kDone, shows, observation.revision};
    case Verdict::kNotBegun:
      return {true, ActionEnd::kNotDone, shows, observation.revision};
    case Verdict::kElsewhere:
      return {true,
              ActionEnd::kFailed,
              "neither as before nor as wanted: " + shows,
              observation.revision};
    case Verdict::kUnknown:
      break;
  }
  return {false, ActionEnd::kInDoubt, Describe(action, observation), "", IsGone(seen.status())};
}

Finding Find(const IntentRecord& intent,
             const Action& action,
             Provider& provider,
             absl::Duration deadline) {
  absl::StatusOr<ApplyResult> found = provider.Lookup(intent.key, deadline);
  if (found.ok() && IsOfAnother(*found, intent.token)) found = absl::NotFoundError("not of this");
  // Not to be asked again: it runs no more, and the provider cannot say what it left.
  if (found.ok() && found->effect_unknown && !found->retryable)
    return ByLooking(action, provider, deadline);
  if (found.ok() && found->effect_unknown)
    return {false, ActionEnd::kInDoubt, "the provider still works on it", ""};
  if (found.ok()) {
    const ActionEnd end = found->status.ok() ? ActionEnd::kDone : ActionEnd::kFailed;
    return {true, end, std::string(found->status.message()), found->observation.revision};
  }
  // The provider never began it, or cannot say: the target itself decides.
  return ByLooking(action, provider, deadline);
}

class Settler {
 public:
  Settler(std::string_view organization, const RunOptions& options, const RunContext& context)
      : organization_(organization),
        options_(options),
        context_(context),
        clock_(options.clock != nullptr ? *options.clock : real_) {}

  absl::Status SettleRun(const RunRecord& run) {
    POOLSHIFT_ASSIGN(const std::vector<IntentRecord> intents,
                     context_.store.InDoubt(organization_, run.id));
    PlanFile file;
    if (!intents.empty()) {
      POOLSHIFT_ASSIGN(file,
                       DecodePlanFile(run.plan_file, "the plan of run " + std::to_string(run.id)));
    }
    for (const IntentRecord& intent : intents)
      POOLSHIFT_TRY(SettleIntent(intent, file.plan));
    if (run.ended != absl::InfiniteFuture()) return absl::OkStatus();
    context_.observer.Remark("run " + std::to_string(run.id) + " of " + run.who +
                             " was cut off; it is closed now");
    return context_.store.EndRun(organization_, run.id, clock_.Now(), kCutOff, "");
  }

 private:
  absl::Status SettleIntent(const IntentRecord& intent, const Plan& plan) {
    const auto action = std::find_if(plan.actions.begin(),
                                     plan.actions.end(),
                                     [&](const Action& each) { return each.id == intent.action; });
    if (action == plan.actions.end()) {
      return absl::DataLossError(
          "run " + std::to_string(intent.run) + " recorded action " + intent.action +
          ", which its plan does not have; nothing was changed. Look at the store's history");
    }
    const auto provider = context_.providers.find(action->provider);
    if (provider == context_.providers.end()) {
      return absl::UnavailableError(
          "what became of " + Title(*action) + " only provider " + action->provider +
          " can say, and it is not declared any more; declare it and run again");
    }
    POOLSHIFT_ASSIGN(const Finding finding, Poll(intent, *action, *provider->second));
    context_.observer.Remark("run " + std::to_string(intent.run) + ": " + Title(*action) + " is " +
                             std::string(Name(finding.end)) +
                             (finding.text.empty() ? "" : ": " + finding.text));
    return context_.store.RecordResult(organization_,
                                       {intent.run,
                                        intent.seq,
                                        std::string(Name(finding.end)),
                                        "settled by a later run: " + finding.text,
                                        finding.revision,
                                        clock_.Now()});
  }

  absl::StatusOr<Finding> Poll(const IntentRecord& intent,
                               const Action& action,
                               Provider& provider) {
    const absl::Duration begin = clock_.Elapsed();
    while (true) {
      Finding finding = Find(intent, action, provider, options_.executor.read_deadline);
      if (finding.known) return finding;
      if (context_.interruption.requests() > 0)
        return absl::CancelledError("interrupted before anything was changed");
      if (finding.gone || clock_.Elapsed() - begin >= options_.settle_patience) {
        return absl::UnavailableError(
            "what became of " + Title(action) + " of run " + std::to_string(intent.run) +
            " cannot be found out: " + finding.text +
            "; nothing was changed. Repair the way to it, then run again");
      }
      clock_.Sleep(options_.settle_patience / kPolls);
    }
  }

  static std::string Title(const Action& action) { return action.id + " (" + action.title + ")"; }

  std::string_view organization_;
  const RunOptions& options_;
  const RunContext& context_;
  RealClock real_;
  Clock& clock_;
};

}  // namespace

absl::Status SettleEarlierRuns(std::string_view organization,
                               const RunOptions& options,
                               const RunContext& context) {
  POOLSHIFT_ASSIGN(const std::vector<RunRecord> runs, context.store.UnfinishedRuns(organization));
  Settler settler(organization, options, context);
  for (const RunRecord& run : runs)
    POOLSHIFT_TRY(settler.SettleRun(run));
  return absl::OkStatus();
}

absl::Status SettleBeforePlanning(const RunOptions& options, const RunContext& context) {
  POOLSHIFT_ASSIGN(const std::vector<RunRecord> runs,
                   context.store.UnfinishedRuns(options.organization));
  if (runs.empty()) return absl::OkStatus();
  RealClock real;
  const Clock& clock = options.clock != nullptr ? *options.clock : real;
  POOLSHIFT_ASSIGN(Lease lease,
                   context.store.AcquireLease(options.organization, options.holder, clock.Now()));
  absl::Status settled = RaiseFences(context, {}, lease);
  if (settled.ok()) settled = SettleEarlierRuns(options.organization, options, context);
  const absl::Status released = context.store.ReleaseLease(options.organization, lease);
  return settled.ok() ? released : settled;
}

}  // namespace poolshift
