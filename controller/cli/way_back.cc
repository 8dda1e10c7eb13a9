#include "controller/cli/way_back.h"

#include <algorithm>
#include <utility>

#include "controller/cli/action_reference.h"
#include "controller/cli/opening.h"
#include "controller/engine/back_out.h"
#include "controller/engine/load.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

// Each is a plan of its own: of larger plans only the last prefixes are shown.
constexpr std::size_t kMostPrefixes = 200;

// What is declared by `--previous PATH`, else what the observations tell.
absl::StatusOr<FormerDeclaration> Former(const Session& session,
                                         const Arguments& arguments,
                                         const Workspace& workspace,
                                         const ObservedState& observed) {
  const std::vector<std::string> paths = arguments.Values("--previous");
  if (paths.empty()) return FormerDeclarationOf(workspace.organization(), observed);
  POOLSHIFT_ASSIGN(LoadedOrganization loaded, LoadManifests(*session.world.files, paths));
  for (const Diagnostic& fault : loaded.diagnostics.items()) {
    if (fault.severity == Diagnostic::Severity::kError)
      return absl::InvalidArgumentError("--previous: " + ToString(fault));
  }
  if (loaded.organization.name != workspace.organization().name) {
    return absl::InvalidArgumentError("--previous declares `" + loaded.organization.name +
                                      "`, the plan is one of `" + workspace.organization().name +
                                      '`');
  }
  FormerDeclaration former{std::move(loaded.organization), {}};
  former.restored = RestoredPools(workspace.organization(), former.organization);
  return former;
}

// Gates change nothing: the ways from before and after one are often the same, and their providers
// need not be asked again.
bool TookCommands(const Plan& known, Plan& plan) {
  const bool same = std::equal(known.actions.begin(),
                               known.actions.end(),
                               plan.actions.begin(),
                               plan.actions.end(),
                               [](const Action& a, const Action& b) {
                                 return a.id == b.id && a.modes == b.modes && a.also == b.also;
                               });
  if (!same) return false;
  for (std::size_t i = 0; i < plan.actions.size(); ++i)
    plan.actions[i].commands = known.actions[i].commands;
  return true;
}

absl::StatusOr<std::size_t> DoneItems(const Arguments& arguments, const Plan& plan) {
  if (!arguments.Has("--after")) return plan.actions.size();
  if (arguments.Value("--after") == "0") return 0;
  POOLSHIFT_ASSIGN(const std::size_t place, PlaceOfAction(plan, arguments.Value("--after")));
  return place + 1;
}

}  // namespace

absl::StatusOr<std::vector<WayBack>> WaysBack(const Session& session,
                                              const Arguments& arguments,
                                              Workspace& workspace,
                                              const ObservedState& observed,
                                              const Plan& plan) {
  POOLSHIFT_ASSIGN(const FormerDeclaration former, Former(session, arguments, workspace, observed));
  const PlanGround ground{
      workspace.organization(), observed, workspace.assignment(), former, ObjectiveOf(arguments)};
  POOLSHIFT_ASSIGN(std::vector<WayBack> ways, MakeBackOuts(ground, plan.actions, kMostPrefixes));
  for (std::size_t i = 0; i < ways.size(); ++i) {
    if (i > 0 && TookCommands(ways[i - 1].plan, ways[i].plan)) continue;
    POOLSHIFT_TRY(workspace.AddCommands(ways[i].plan));
  }
  return ways;
}

ExitCode TellBackOut(Session& session,
                     const Arguments& arguments,
                     Workspace& workspace,
                     const ObservedState& observed,
                     const Plan& plan) {
  if (!plan.refusals.empty())
    return session.Fail(kExitRefused,
                        "the plan is refused, so nothing runs and nothing is to take back: " +
                            plan.refusals.front().text + " (" + plan.refusals.front().rule + ')');
  const absl::StatusOr<std::size_t> items = DoneItems(arguments, plan);
  if (!items.ok()) return session.Fail(items.status());
  const absl::StatusOr<FormerDeclaration> former = Former(session, arguments, workspace, observed);
  if (!former.ok()) return session.Fail(former.status());
  const PlanGround ground{
      workspace.organization(), observed, workspace.assignment(), *former, ObjectiveOf(arguments)};
  const std::vector<Action> done(plan.actions.begin(),
                                 plan.actions.begin() + static_cast<std::ptrdiff_t>(*items));
  const bool has_table =
      !arguments.Has("--json") && !arguments.Has("--after") && !plan.actions.empty();
  absl::StatusOr<std::vector<WayBack>> ways =
      MakeBackOuts(ground, done, has_table ? kMostPrefixes : 1);
  if (!ways.ok()) return session.Fail(ways.status());
  WayBack& way = ways->back();
  const absl::Status commanded = workspace.AddCommands(way.plan);
  if (!commanded.ok()) return session.Fail(commanded);
  if (arguments.Has("--json"))
    session.out << BackOutJson(way);
  else
    session.out << BackOutText(plan, way, session.out_style);
  if (has_table) session.out << '\n' << BackOutTable(plan, *ways, session.out_style);
  return way.changes_nothing() ? kExitOk : CodeOf(way.plan);
}

}  // namespace poolshift
