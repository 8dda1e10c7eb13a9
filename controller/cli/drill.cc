#include "controller/engine/drill.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "controller/cli/git_manifests.h"
#include "controller/cli/opening.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/model/try.h"
#include "controller/report/drill_changes.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

// The deaths to suppose: those that were asked for, else every pool and every site.
absl::StatusOr<std::vector<Supposition>> Deaths(const Arguments& arguments,
                                                const Organization& organization) {
  std::vector<Supposition> pools = PoolSuppositions(organization);
  std::vector<Supposition> sites = SiteSuppositions(organization);
  std::vector<Supposition> asked;
  const auto pick = [&](const char* option, const std::vector<Supposition>& all) -> absl::Status {
    for (const std::string& name : arguments.Values(option)) {
      std::vector<std::string> names;
      const std::size_t before = asked.size();
      for (const Supposition& each : all) {
        names.push_back(each.name);
        if (each.name == name) asked.push_back(each);
      }
      if (asked.size() > before) continue;
      const auto edge = organization.edge_pools.find(name);
      if (edge != organization.edge_pools.end() &&
          edge->second.condition == EdgePool::Condition::kOutOfService)
        return absl::InvalidArgumentError("drill: " + std::string(option) + ": `" + name +
                                          "` is out of service already: there is no death to "
                                          "suppose");
      const std::string near = ClosestName(name, names);
      return absl::InvalidArgumentError("drill: " + std::string(option) + ": `" + name +
                                        "` is not declared" +
                                        (near.empty() ? "" : "; did you mean `" + near + "`?"));
    }
    return absl::OkStatus();
  };
  POOLSHIFT_TRY(pick("--pool", pools));
  POOLSHIFT_TRY(pick("--site", sites));
  if (arguments.Has("--pairs") && !asked.empty())
    return absl::InvalidArgumentError(
        "drill: --pairs supposes every pair: leave --pool and --site out, or --pairs");
  if (arguments.Has("--pairs")) {
    for (Supposition& pair : PairSuppositions(organization))
      asked.push_back(std::move(pair));
    return asked;
  }
  return asked.empty() ? UsualDeaths(organization) : asked;
}

absl::StatusOr<DrillReport> DrillAll(Session& session,
                                     const Arguments& arguments,
                                     Workspace& workspace) {
  POOLSHIFT_ASSIGN(const std::vector<Supposition> deaths,
                   Deaths(arguments, workspace.organization()));
  POOLSHIFT_ASSIGN(ObservedState observed, workspace.Observe());
  if (session.verbose) session.Tell("supposing " + std::to_string(deaths.size()) + " deaths");
  return ReportDrill(workspace, std::move(observed), deaths, session.now());
}

// Drills are compared with drills of the same deaths.
std::string ScopeOf(const Arguments& arguments) {
  if (arguments.Has("--pairs")) return "pairs";
  std::string scope;
  for (const char* const option : {"--pool", "--site"}) {
    std::vector<std::string> names = arguments.Values(option);
    std::sort(names.begin(), names.end());
    for (const std::string& name : names)
      scope += std::string(option) + ' ' + name + '\n';
  }
  return scope.empty() ? "all" : scope;
}

// The drill and what it changes; it is on record then, for the next one.
ExitCode TellChanges(Session& session,
                     const Arguments& arguments,
                     const Workspace& workspace,
                     const DrillReport& report) {
  const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(workspace.state_directory());
  if (!store.ok()) return session.Fail(store.status());
  const std::string scope = ScopeOf(arguments);
  const absl::StatusOr<DrillRecord> before = (*store)->LastDrill(report.organization, scope);
  if (!before.ok()) return session.Fail(before.status());
  const absl::StatusOr<DrillChanges> changes = CompareDrills(before->report, before->at, report);
  if (!changes.ok()) return session.Fail(changes.status());
  const absl::Status kept =
      (*store)->RecordDrill(report.organization, scope, {report.looked_at, DrillJson(report)});
  if (!kept.ok()) return session.Fail(kept);
  session.out << (arguments.Has("--json") ? DrillJson(report, *changes)
                                          : DrillText(report, session.out_style) +
                                                DrillChangesText(*changes, session.out_style));
  return report.is_ready() ? kExitOk : kExitChanges;
}

ExitCode RunDrillVerb(Session& session, const Arguments& arguments) {
  const Opening opening = OpenWorkspace(session, arguments, PathsOf(arguments), /*read_only=*/true);
  if (opening.workspace == nullptr) return opening.code;
  const absl::StatusOr<DrillReport> report = DrillAll(session, arguments, *opening.workspace);
  if (!report.ok()) return session.Fail(report.status());
  if (arguments.Has("--changes"))
    return TellChanges(session, arguments, *opening.workspace, *report);
  session.out << (arguments.Has("--json") ? DrillJson(*report)
                                          : DrillText(*report, session.out_style));
  return report->is_ready() ? kExitOk : kExitChanges;
}

}  // namespace

Command DrillCommand() {
  Command command;
  command.name = "drill";
  command.words = "[PATH...]";
  command.summary = "suppose that a pool or site dies now: is there a plan, what is not ready";
  command.text =
      "Looks at the world, then supposes the death of each pool and each site, one at a time, and "
      "plans as `poolshift plan` would after the commit that a person would make then: the plan's "
      "length, its time, how long resolvers remember, and what should be mended today. Nothing is "
      "changed, and no death is played: the providers are started so that they cannot.\n"
      "Who takes over is the stand-in of the dead pool or the declared order; where nobody has "
      "declared one, the pool that needs the fewest actions.\n"
      "`--changes` also tells for which deaths readiness was lost or gained since the last drill "
      "of "
      "the same deaths that was made with it, and keeps this one for the next.\n"
      "Exit codes: 0 ready for every death, 2 something is not ready, 10 the manifests have "
      "faults, 1 another error.";
  command.most_words = kAnyNumber;
  command.options = WithGitOptions(
      {{"--pool", "NAME", "only this Edge or Front End pool; may be repeated", ""},
       {"--site", "NAME", "only this site; may be repeated", ""},
       {"--pairs", "", "two Edge pools at once, of which one hosts something", ""},
       {"--changes", "", "also what changed since the last drill with --changes", ""},
       {"--json", "", "for programs (docs/drill.md)", ""}});
  command.examples = {"poolshift drill manifests/nothing-to-do",
                      "poolshift drill --site Site1 /etc/poolshift/contoso",
                      "poolshift drill --changes /etc/poolshift/contoso"};
  command.run = RunDrillVerb;
  return command;
}

}  // namespace poolshift
