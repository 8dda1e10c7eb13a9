#include "controller/cli/git_manifests.h"
#include "controller/cli/opening.h"
#include "controller/cli/plan_saving.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/report/plan_graph.h"

namespace poolshift {
namespace {

ExitCode RunGraph(Session& session, const Arguments& arguments) {
  const std::string format = arguments.Has("--format") ? arguments.Value("--format") : "dot";
  if (format != "dot" && format != "mermaid") {
    return session.Fail(kExitInvalidInput,
                        "graph: unknown format `" + format + "`; it is `dot` or `mermaid`");
  }
  const Planning planning = SavedOrMade(session, arguments);
  if (!planning.plan.has_value()) return planning.code;
  session.out << (format == "dot" ? PlanDot(*planning.plan) : PlanMermaid(*planning.plan));
  return planning.plan->refusals.empty() ? kExitOk : kExitRefused;
}

}  // namespace

Command GraphCommand() {
  Command command;
  command.name = "graph";
  command.words = "[PLANFILE | PATH...]";
  command.summary = "draw the order of a plan";
  command.text =
      "Draws what waits for what in a saved plan, or in a plan made now, for Graphviz or Mermaid.";
  command.most_words = kAnyNumber;
  command.options =
      WithGitOptions({{"--format", "FORMAT", "`dot` (the default) or `mermaid`", ""}});
  command.examples = {"poolshift graph manifests/xmpp-failover | dot -Tsvg > plan.svg",
                      "poolshift graph --format mermaid night.plan"};
  command.run = RunGraph;
  return command;
}

}  // namespace poolshift
