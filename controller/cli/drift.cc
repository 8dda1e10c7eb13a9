#include "controller/cli/drift_look.h"
#include "controller/cli/opening.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/report/drift_report.h"

namespace poolshift {
namespace {

ExitCode RunDrift(Session& session, const Arguments& arguments) {
  const Opening opening = OpenWorkspace(session, arguments, PathsOf(arguments), /*read_only=*/true);
  if (opening.workspace == nullptr) return opening.code;
  const absl::StatusOr<DriftReport> report = LookForDrift(session, *opening.workspace);
  if (!report.ok()) return session.Fail(report.status());
  session.out << (arguments.Has("--json") ? DriftJson(*report)
                                          : DriftText(*report, session.out_style));
  return report->entries.empty() ? kExitOk : kExitChanges;
}

}  // namespace

Command DriftCommand() {
  Command command;
  command.name = "drift";
  command.words = "[PATH...]";
  command.summary = "look, and tell what is not as declared, since when, how bad";
  command.text =
      "Reads the manifests, looks at the world, and lists every difference, the worst first. "
      "Nothing is changed: the providers are started so that they cannot. When a difference was "
      "first seen is remembered in the state directory.\n"
      "Exit codes: 0 no drift, 2 drift, 10 the manifests have faults, 1 another error.";
  command.most_words = kAnyNumber;
  command.options = {{"--json", "", "for programs (docs/plan-json.md)", ""}};
  command.examples = {"poolshift drift manifests/xmpp-failover",
                      "poolshift drift --json /etc/poolshift/contoso"};
  command.run = RunDrift;
  return command;
}

}  // namespace poolshift
