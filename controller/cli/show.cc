#include "controller/cli/plan_saving.h"
#include "controller/cli/verbs.h"
#include "controller/report/plan_json.h"
#include "controller/report/plan_text.h"

namespace poolshift {
namespace {

ExitCode RunShow(Session& session, const Arguments& arguments) {
  const absl::StatusOr<PlanFile> file = LoadPlan(session, arguments.words().front());
  if (!file.ok()) return session.Fail(file.status());
  session.out << (arguments.Has("--json") ? PlanJson(file->plan)
                                          : PlanText(file->plan, session.out_style));
  return kExitOk;
}

}  // namespace

Command ShowCommand() {
  Command command;
  command.name = "show";
  command.words = "PLANFILE";
  command.summary = "show a saved plan";
  command.text =
      "Prints a plan that `poolshift plan --out FILE` has saved, without looking at anything. The "
      "exit code is 0 whatever the plan says.";
  command.least_words = 1;
  command.most_words = 1;
  command.options = {{"--json", "", "for programs (docs/plan-json.md)", ""}};
  command.examples = {"poolshift show night.plan"};
  command.run = RunShow;
  return command;
}

}  // namespace poolshift
