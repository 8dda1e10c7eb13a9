#include "controller/cli/opening.h"

#include "controller/cli/git_manifests.h"
#include "controller/cli/state_directory.h"
#include "controller/engine/prepared.h"
#include "controller/engine/replay.h"
#include "controller/report/diagnostics_text.h"

namespace poolshift {
Opening OpenWorkspace(Session& session,
                      const Arguments& arguments,
                      const std::vector<std::string>& paths,
                      bool read_only,
                      Telling telling) {
  const absl::Status fitting = CheckGitOptions(arguments);
  if (!fitting.ok()) return {nullptr, session.Fail(fitting)};
  const absl::StatusOr<std::string> state = StateDirectory(session, arguments, paths);
  if (!state.ok()) return {nullptr, session.Fail(state.status())};
  if (session.verbose) session.Tell("state is kept in " + *state);
  Workspace::Options options;
  options.paths = paths;
  if (arguments.Has("--git")) {
    absl::StatusOr<GitManifests> manifests = ReadFromGit(session, arguments, paths, *state);
    if (!manifests.ok()) return {nullptr, session.Fail(manifests.status())};
    options.texts = std::move(manifests->read.texts);
    options.lock = std::move(manifests->read.lock);
    // Where somebody happens to stand says nothing about the programs of a commit.
    options.base_pins = arguments.Has("--base");
    options.commit = std::move(manifests->commit);
    options.base_directory = std::move(manifests->base_directory);
  }
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
    // What only looks may run unpinned without a word; what changes the world may not, nor what
    // somebody else committed.
    const bool unpinned = !(*workspace)->is_pinned() && (*workspace)->runs_programs();
    if (unpinned && (!read_only || session.verbose || arguments.Has("--git"))) {
      session.Tell("providers are not pinned; `poolshift provider lock` writes poolshift.lock");
    }
    return {*std::move(workspace), kExitOk};
  }
  if (!diagnostics.has_errors()) return {nullptr, session.Fail(workspace.status())};
  return {nullptr, session.Fail(kExitInvalidInput, DiagnosticsCount(diagnostics))};
}

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
  absl::StatusOr<MadePlan> made =
      MakePreparedPlan(workspace, *std::move(observed), session.now(), phase, objective);
  if (!made.ok()) return {std::nullopt, session.Fail(made.status())};
  return {std::move(made->plan),
          kExitOk,
          std::move(made->measured),
          std::move(made->observed),
          std::move(made->preparation),
          objective,
          std::move(made->measurements)};
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
