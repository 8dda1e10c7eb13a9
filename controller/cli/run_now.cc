#include "controller/cli/run_now.h"

#include <cstdlib>
#include <memory>

#include "controller/cli/consent.h"
#include "controller/cli/cut_off_runs.h"
#include "controller/cli/interruption.h"
#include "controller/cli/progress.h"
#include "controller/engine/gate_observers.h"
#include "controller/model/try.h"
#include "controller/store/store.h"

namespace poolshift {

absl::StatusOr<RunOutcome> RunNow(const Session& session,
                                  const Arguments& arguments,
                                  const Workspace& workspace,
                                  const Plan& plan,
                                  const std::string& single_use) {
  RunOptions options;
  const Organization& organization = workspace.organization();
  options.organization = organization.name;
  options.holder = Holder(session);
  options.approvals = Approvals(arguments);
  options.policy = organization.policy;
  options.override_reason = arguments.Value("--override");
  options.provider_digests = workspace.programs();
  options.single_use = single_use;
  options.executor.observers = GateObservers(workspace.assignment(), plan);
  POOLSHIFT_ASSIGN(const std::unique_ptr<Store> store, Store::Open(workspace.state_directory()));
  Progress progress(session, plan);
  const SignalWatch watch;
  return RunPlan(plan, options, {workspace.providers(), *store, progress, watch.interruption()});
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
