// `poolshift status`, `runs` and `watch`: what a running daemon knows.
#include <algorithm>

#include "controller/cli/control.h"
#include "controller/cli/verbs.h"
#include "controller/engine/history_run.h"
#include "controller/report/daemon_status.h"

namespace poolshift {
namespace {

ExitCode Print(Session& session,
               const Arguments& arguments,
               const absl::StatusOr<ControlClient::Document>& document) {
  if (!document.ok()) return session.Fail(document.status());
  session.out << (arguments.Has("--json") ? document->json : document->text);
  return kExitOk;
}

ExitCode RunStatus(Session& session, const Arguments& arguments) {
  const Connection connection = Connect(session, arguments);
  if (connection.client == nullptr) return connection.code;
  ControlClient& client = *connection.client;
  const std::string what = arguments.words().empty() ? "" : arguments.words().front();
  if (what == "plan") return Print(session, arguments, client.Plan());
  if (what == "drift") return Print(session, arguments, client.Drift());
  if (!what.empty()) {
    return session.Fail(kExitInvalidInput,
                        "status: unknown word `" + what + "`; it is `plan`, `drift` or nothing");
  }
  std::uint64_t after = 0;
  if (arguments.Has("--look")) {
    const absl::StatusOr<std::uint64_t> round = client.LookNow();
    if (!round.ok()) return session.Fail(round.status());
    after = std::max<std::uint64_t>(1, *round);
  }
  const absl::StatusOr<DaemonStatus> status = client.Status(after);
  if (!status.ok()) return session.Fail(status.status());
  session.out << (arguments.Has("--json")
                      ? DaemonStatusJson(*status)
                      : DaemonStatusText(*status, session.now(), session.out_style));
  return status->needs_attention() ? kExitChanges : kExitOk;
}

ExitCode RunRuns(Session& session, const Arguments& arguments) {
  const Connection connection = Connect(session, arguments);
  if (connection.client == nullptr) return connection.code;
  if (arguments.words().empty()) return Print(session, arguments, connection.client->Runs());
  const absl::StatusOr<std::int64_t> run = RunNumber(arguments.words().front());
  if (!run.ok()) return session.Fail(run.status());
  return Print(session, arguments, connection.client->Run(*run));
}

ExitCode RunWatch(Session& session, const Arguments& arguments) {
  const Connection connection = Connect(session, arguments);
  if (connection.client == nullptr) return connection.code;
  const absl::Status status = connection.client->Watch([&session](const std::string& json) {
    session.out << json << std::flush;
    return session.out.good();
  });
  return status.ok() ? kExitOk : session.Fail(status);
}

}  // namespace

Command StatusCommand() {
  Command command;
  command.name = "status";
  command.words = "[plan|drift]";
  command.summary = "how a running `poolshift serve` stands";
  command.text =
      "Asks the daemon: which commit is in force, whether the world is as declared, which plan "
      "waits for what, what is paused. `status plan` prints the plan, `status drift` the "
      "differences.\n"
      "Exit codes: 0 all is well, 2 somebody should look, 1 an error.";
  command.most_words = 1;
  command.options = DaemonOptions({{"--json", "", "for programs (docs/serve.md)", ""},
                                   {"--look", "", "look at the world first, now", ""}});
  command.examples = {"poolshift status",
                      "poolshift status plan",
                      "poolshift status --look --json",
                      "poolshift status --server poolshift.contoso.com:7443 --ca control-ca.pem "
                      "--cert alice.pem --key alice.key"};
  command.run = RunStatus;
  return command;
}

Command RunsCommand() {
  Command command;
  command.name = "runs";
  command.words = "[RUN]";
  command.summary = "the runs of a running daemon, or one of them";
  command.text = "As `poolshift history`, asked of the daemon.";
  command.most_words = 1;
  command.options = DaemonOptions({{"--json", "", "for programs", ""}});
  command.examples = {"poolshift runs", "poolshift runs 12"};
  command.run = RunRuns;
  return command;
}

Command WatchCommand() {
  Command command;
  command.name = "watch";
  command.summary = "what a running daemon's runs do, as it happens";
  command.text =
      "Prints one JSON object a line (docs/run-events.md), from the newest run's beginning, until "
      "the daemon ends or Ctrl-C.";
  command.options = DaemonOptions();
  command.examples = {"poolshift watch"};
  command.run = RunWatch;
  return command;
}

}  // namespace poolshift
