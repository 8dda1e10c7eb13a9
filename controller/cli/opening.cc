#include "controller/cli/opening.h"

#include <filesystem>

#include "absl/status/status.h"

#include "controller/cli/state_directory.h"
#include "controller/engine/lowered_ttls.h"
#include "controller/engine/replay.h"
#include "controller/federation/kinds.h"
#include "controller/model/try.h"
#include "controller/report/diagnostics_text.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

// Some record set has the short time to live of a prepared move: only then it matters what is on
// record.
bool AnyShortTtl(const Workspace& workspace, const ObservedState& observed) {
  const std::int64_t move_ttl = absl::ToInt64Seconds(workspace.organization().policy.move_ttl);
  const auto& all = observed.observations;
  auto next = all.lower_bound({{std::string(kinds::kDnsRecordSet), ""}, ""});
  for (; next != all.end() && next->first.id.kind == kinds::kDnsRecordSet; ++next) {
    if (next->second.properties.IntegerOr("ttl", move_ttl + 1) <= move_ttl) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<Preparation> PreparationFor(const Workspace& workspace,
                                           const ObservedState& observed,
                                           MovePhase phase,
                                           absl::Time now) {
  Preparation preparation{phase, now, {}};
  const std::string& folder = workspace.state_directory();
  const bool matters = phase == MovePhase::kCutOver || AnyShortTtl(workspace, observed);
  if (!matters || !std::filesystem::exists(folder + "/poolshift.db")) return preparation;
  POOLSHIFT_ASSIGN(const std::unique_ptr<Store> store, Store::Open(folder));
  POOLSHIFT_TRY(store->CheckJournal(workspace.organization().name));
  POOLSHIFT_ASSIGN(preparation.lowered, LoweredTtls(*store, workspace.organization().name));
  return preparation;
}

Opening OpenWorkspace(Session& session,
                      const Arguments& arguments,
                      const std::vector<std::string>& paths,
                      bool read_only,
                      Telling telling) {
  const absl::StatusOr<std::string> state = StateDirectory(session, arguments, paths);
  if (!state.ok()) return {nullptr, session.Fail(state.status())};
  if (session.verbose) session.Tell("state is kept in " + *state);
  Workspace::Options options;
  options.paths = paths;
  options.state_directory = *state;
  options.plugin_directory = session.plugin_directory;
  options.read_only = read_only;
  if (session.verbose) {
    options.log = [&session](std::string_view provider, std::string_view line) {
      session.Tell(std::string(provider) + ": " + std::string(line));
    };
  }
  Diagnostics diagnostics;
  absl::StatusOr<std::unique_ptr<Workspace>> workspace =
      Workspace::Open(session.world, options, diagnostics);
  if (telling == Telling::kEverything || diagnostics.has_errors())
    session.err << DiagnosticsText(diagnostics, session.err_style);
  if (workspace.ok()) {
    // What only looks may run unpinned without a word; what changes the world may not.
    const bool unpinned = !(*workspace)->is_pinned() && (*workspace)->runs_programs();
    if (unpinned && (!read_only || session.verbose)) {
      session.Tell("providers are not pinned; `poolshift provider lock` writes poolshift.lock");
    }
    return {*std::move(workspace), kExitOk};
  }
  if (!diagnostics.has_errors()) return {nullptr, session.Fail(workspace.status())};
  return {nullptr, session.Fail(kExitInvalidInput, DiagnosticsCount(diagnostics))};
}

namespace {

// What earlier runs took. Estimates are no reason to fail: without a readable store those of the
// domain stand.
Measurements MeasuredBefore(const Workspace& workspace) {
  constexpr int kMostRuns = 20;
  const std::string file = workspace.state_directory() + "/poolshift.db";
  std::error_code none;
  if (!std::filesystem::exists(file, none)) return {};
  const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(workspace.state_directory());
  if (!store.ok() || !(*store)->CheckJournal(workspace.organization().name).ok()) return {};
  return MeasureRuns(**store, workspace.organization().name, kMostRuns).value_or(Measurements());
}

}  // namespace

OptionSpec PhaseOption() {
  return {"--phase",
          "PHASE",
          "of a planned move: `prepare` lowers the TTLs, `cut-over` moves once they have passed",
          ""};
}

absl::StatusOr<MovePhase> PhaseOf(const Arguments& arguments) {
  const std::string text = arguments.Value("--phase");
  for (const MovePhase phase : {MovePhase::kWhole, MovePhase::kPrepare, MovePhase::kCutOver})
    if (text == Name(phase)) return phase;
  return absl::InvalidArgumentError("--phase " + text + ": there is `prepare` and `cut-over`");
}

OptionSpec TimeOption() {
  return {"--prefer-time", "", "the plan that takes least time, even with more actions", ""};
}

Objective ObjectiveOf(const Arguments& arguments) {
  return arguments.Has("--prefer-time") ? Objective::kLeastTime : Objective::kFewestActions;
}

Planning MakePlanNow(Session& session, Workspace& workspace, MovePhase phase, Objective objective) {
  if (session.verbose) session.Tell("looking at " + workspace.organization().name);
  absl::StatusOr<ObservedState> observed = workspace.Observe();
  if (!observed.ok()) return {std::nullopt, session.Fail(observed.status())};
  if (session.verbose) session.Tell("planning");
  const absl::Time now = session.now();
  absl::StatusOr<Preparation> preparation = PreparationFor(workspace, *observed, phase, now);
  if (!preparation.ok()) return {std::nullopt, session.Fail(preparation.status())};
  absl::StatusOr<Plan> plan = workspace.MakePlan(*observed, now, *preparation, objective);
  if (!plan.ok()) return {std::nullopt, session.Fail(plan.status())};
  Measurements measured = MeasuredBefore(workspace);
  std::string used = UseMeasurements(measured, *plan);
  return {*std::move(plan),
          kExitOk,
          std::move(used),
          *std::move(observed),
          *std::move(preparation),
          objective,
          std::move(measured)};
}

PlanInputs RecordedInputs(const Workspace& workspace, const Planning& planning) {
  return InputsOf(workspace,
                  planning.observed,
                  planning.preparation,
                  planning.objective,
                  planning.measurements,
                  ThisPlanner(POOLSHIFT_VERSION));
}

ExitCode CodeOf(const Plan& plan) {
  if (!plan.refusals.empty()) return kExitRefused;
  return plan.actions.empty() ? kExitOk : kExitChanges;
}

}  // namespace poolshift
