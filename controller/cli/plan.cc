#include "controller/cli/opening.h"
#include "controller/cli/plan_saving.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/report/plan_json.h"
#include "controller/report/plan_text.h"

namespace poolshift {
namespace {

ExitCode RunPlanVerb(Session& session, const Arguments& arguments) {
  const std::vector<std::string> paths = PathsOf(arguments);
  const Opening opening = OpenWorkspace(session, arguments, paths, /*read_only=*/true);
  if (opening.workspace == nullptr) return opening.code;
  const Planning planning = MakePlanNow(session, *opening.workspace);
  if (!planning.plan.has_value()) return planning.code;
  const Plan& plan = *planning.plan;
  session.out << (arguments.Has("--json") ? PlanJson(plan) : PlanText(plan, session.out_style));
  const std::string file = arguments.Value("--out");
  if (file.empty()) return CodeOf(plan);
  if (!plan.refusals.empty()) {
    session.Tell("not saved: a refused plan cannot be applied");
    return kExitRefused;
  }
  const absl::Status saved = SavePlan(session, *opening.workspace, plan, file);
  if (!saved.ok()) return session.Fail(saved);
  std::string command = "poolshift apply " + file;
  for (const std::string& path : arguments.words())
    command += ' ' + path;
  session.Tell("saved to " + file + "; carry it out with: " + command);
  return CodeOf(plan);
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
      "Exit codes: 0 nothing to do, 2 there are changes, 12 refused by a rule, 10 the manifests "
      "have faults, 1 another error.";
  command.most_words = kAnyNumber;
  command.options = {{"--out", "FILE", "save the plan for `poolshift apply FILE`", ""},
                     {"--json", "", "for programs (docs/plan-json.md)", ""}};
  command.examples = {"poolshift plan manifests/xmpp-failover",
                      "poolshift plan --out night.plan /etc/poolshift/contoso"};
  command.run = RunPlanVerb;
  return command;
}

}  // namespace poolshift
