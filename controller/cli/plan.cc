#include <future>

#include "controller/cli/git_manifests.h"
#include "controller/cli/opening.h"
#include "controller/cli/plan_options.h"
#include "controller/cli/plan_saving.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/cli/way_back.h"
#include "controller/report/plan_json.h"
#include "controller/report/plan_text.h"
#include "controller/report/runbook.h"

namespace poolshift {
namespace {

ExitCode TellRunbook(Session& session,
                     const Arguments& arguments,
                     Workspace& workspace,
                     const Planning& planning) {
  const absl::StatusOr<std::vector<WayBack>> ways =
      WaysBack(session, arguments, workspace, planning.observed, *planning.plan);
  if (!ways.ok()) return session.Fail(ways.status());
  session.out << Runbook(workspace.organization(), *planning.plan, *ways);
  return CodeOf(*planning.plan);
}

ExitCode SaveAndTell(Session& session,
                     const Arguments& arguments,
                     const Workspace& workspace,
                     const Planning& planning) {
  const Plan& plan = *planning.plan;
  const std::string file = arguments.Value("--out");
  if (!plan.refusals.empty()) {
    session.Tell("not saved: a refused plan cannot be applied");
    return kExitRefused;
  }
  const absl::Status saved = SavePlan(session, workspace, planning, file);
  if (!saved.ok()) return session.Fail(saved);
  std::string command = "poolshift apply " + file;
  for (const std::string& path : arguments.words())
    command += ' ' + path;
  session.Tell("saved to " + file + "; carry it out with: " + command);
  return CodeOf(plan);
}

ExitCode RunPlanVerb(Session& session, const Arguments& arguments) {
  const absl::Status fitting = CheckPlanOptions(arguments);
  if (!fitting.ok()) return session.Fail(fitting);
  const absl::StatusOr<MovePhase> phase = PhaseOf(arguments);
  if (!phase.ok()) return session.Fail(phase.status());
  const std::vector<std::string> paths = PathsOf(arguments);
  Opening opening = OpenWorkspace(session, arguments, paths, /*read_only=*/true);
  if (opening.workspace == nullptr) return opening.code;
  Planning planning = MakePlanNow(session, *opening.workspace, *phase, ObjectiveOf(arguments));
  if (!planning.plan.has_value()) return planning.code;
  const Plan& plan = *planning.plan;
  if (arguments.Has("--back-out"))
    return TellBackOut(session, arguments, *opening.workspace, planning.observed, plan);
  if (arguments.Has("--runbook"))
    return TellRunbook(session, arguments, *opening.workspace, planning);
  const bool saves = !arguments.Value("--out").empty();
  // The providers end and what they saw is put away while the plan is written.
  std::future<void> away;
  if (!saves) {
    away = std::async(std::launch::async, [&opening, &planning] {
      opening.workspace.reset();
      planning.observed = ObservedState();
    });
  }
  session.out << (arguments.Has("--json") ? PlanJson(plan)
                                          : PlanText(plan, session.out_style, planning.measured));
  return saves ? SaveAndTell(session, arguments, *opening.workspace, planning) : CodeOf(plan);
}

}  // namespace

Command PlanCommand() {
  Command command;
  command.name = "plan";
  command.words = "[PATH...]";
  command.summary = "look, and show what would be done, in which order and why";
  command.text =
      "Reads the manifests (files, folders, `-` for stdin; the current folder when there is none), "
      "looks at the world, and shows the smallest safe plan that leads to what is declared. "
      "Nothing is changed: the providers are started so that they cannot.\n"
      "With --git the manifests are those of a commit, of a pull request for example: they are "
      "read "
      "from git's objects, nothing is checked out, and nobody judges the signature, so look at "
      "what "
      "it declares first: its providers are asked with the secrets that it names.\n"
      "Smallest is fewest actions, and of those that have so few the one that takes least time. "
      "With --prefer-time it is the other way round: least time first, as the estimates have it "
      "(docs/planner.md, Least time).\n"
      "With --runbook the plan is written as a change document that a person can carry out without "
      "Poolshift. With --back-out the way back to the former declaration is shown instead "
      "(docs/back-out.md), from the end of the plan or from after the N-th item; --prefer-time "
      "then "
      "holds for the way back too.\n"
      "Exit codes, of the plan or with --back-out of the way back: 0 nothing to do, 2 there are "
      "changes, 12 refused by a rule, 10 the manifests or the options have faults, 1 another "
      "error.";
  command.most_words = kAnyNumber;
  command.options = WithGitOptions(
      {{"--out", "FILE", "save the plan for `poolshift apply FILE`", ""},
       PhaseOption(),
       TimeOption(),
       {"--json", "", "for programs (docs/plan-json.md)", ""},
       {"--runbook", "", "a Markdown change document, to approve and to follow", ""},
       {"--back-out", "", "the way back to what was declared before", ""},
       {"--after", "N|ACTION", "with --back-out: only so far was the plan done", ""},
       {"--previous", "PATH", "with --back-out or --runbook: what was declared", ""}});
  command.examples = {"poolshift plan manifests/xmpp-failover",
                      "poolshift plan --phase prepare manifests/failback",
                      "poolshift plan --out night.plan /etc/poolshift/contoso",
                      "poolshift plan --git file:///srv/git/federation.git --ref refs/pull/3/head",
                      "poolshift plan --runbook manifests/xmpp-failover > change.md",
                      "poolshift plan --back-out --after 3 manifests/xmpp-failover"};
  command.run = RunPlanVerb;
  return command;
}

}  // namespace poolshift
