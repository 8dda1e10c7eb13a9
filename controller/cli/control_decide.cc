// `poolshift approve`, `reject`, `pause`, `unpause` and `break-glass`: telling a running daemon.
#include "controller/cli/control.h"
#include "controller/cli/verbs.h"

namespace poolshift {
namespace {

ExitCode Decide(Session& session, const Arguments& arguments, bool agrees) {
  const Connection connection = Connect(session, arguments);
  if (connection.client == nullptr) return connection.code;
  const absl::StatusOr<std::string> digest = connection.client->Decide(
      arguments.words().front(), agrees, arguments.Value("--reason"), arguments.Values("--also"));
  if (!digest.ok()) return session.Fail(digest.status());
  session.out << (agrees ? "Agreed to plan " : "Said no to plan ") << *digest << ".\n";
  return kExitOk;
}

ExitCode RunApprove(Session& session, const Arguments& arguments) {
  return Decide(session, arguments, /*agrees=*/true);
}

ExitCode RunReject(Session& session, const Arguments& arguments) {
  return Decide(session, arguments, /*agrees=*/false);
}

ExitCode RunPause(Session& session, const Arguments& arguments) {
  const absl::StatusOr<absl::Duration> duration = DurationOf(arguments, "--for");
  if (!duration.ok()) return session.Fail(duration.status());
  const Connection connection = Connect(session, arguments);
  if (connection.client == nullptr) return connection.code;
  const std::string scope = arguments.words().empty() ? "" : arguments.words().front();
  const absl::StatusOr<std::string> id =
      connection.client->Pause(scope, *duration, arguments.Value("--reason"));
  if (!id.ok()) return session.Fail(id.status());
  session.out << "Paused " << (scope.empty() ? "everything" : scope) << "; `poolshift unpause "
              << *id << "` ends it before its time.\n";
  return kExitOk;
}

ExitCode RunUnpause(Session& session, const Arguments& arguments) {
  const Connection connection = Connect(session, arguments);
  if (connection.client == nullptr) return connection.code;
  const absl::Status status = connection.client->Unpause(arguments.words().front());
  if (!status.ok()) return session.Fail(status);
  session.out << "Pause " << arguments.words().front() << " is over.\n";
  return kExitOk;
}

ExitCode RunBreakGlass(Session& session, const Arguments& arguments) {
  const absl::StatusOr<absl::Duration> duration = DurationOf(arguments, "--for");
  if (!duration.ok()) return session.Fail(duration.status());
  const Connection connection = Connect(session, arguments);
  if (connection.client == nullptr) return connection.code;
  const absl::Status status = connection.client->BreakGlass(*duration, arguments.Value("--reason"));
  if (!status.ok()) return session.Fail(status);
  session.out << "Windows and freezes do not hold until then. Everything else does.\n";
  return kExitOk;
}

std::vector<OptionSpec> HoldOptions() {
  return DaemonOptions({{"--for", "TIME", "how long, as in `2h` or `30m`", ""},
                        {"--reason", "TEXT", "why; recorded and shown", ""}});
}

Command DecideCommand(const std::string& name) {
  Command command;
  command.name = name;
  command.words = "DIGEST";
  command.least_words = 1;
  command.most_words = 1;
  command.options = DaemonOptions({{"--reason", "TEXT", "recorded and shown", ""}});
  return command;
}

}  // namespace

Command ApproveCommand() {
  Command command = DecideCommand("approve");
  command.summary = "agree to the plan that a running daemon shows";
  command.text =
      "Agrees to exactly this plan, named by at least eight digits of its digest; when the world "
      "or "
      "the declaration moves, it is another plan and needs another yes. It is recorded with your "
      "account and counts for one run.";
  command.options.push_back(
      {"--also", "KIND/NAME", "agree to an action that may lose data; may be repeated", ""});
  command.examples = {"poolshift approve 3f9a21c07d44",
                      "poolshift approve 3f9a21c07d44 --also PoolFailover/fe1.contoso.net"};
  command.run = RunApprove;
  return command;
}

Command RejectCommand() {
  Command command = DecideCommand("reject");
  command.summary = "say no to the plan that a running daemon shows";
  command.text = "It is not carried out, whoever agreed, until the plan is another or you agree.";
  command.examples = {"poolshift reject 3f9a21c07d44 --reason 'the partner is not told yet'"};
  command.run = RunReject;
  return command;
}

Command PauseCommand() {
  Command command;
  command.name = "pause";
  command.words = "[SITE|KIND]";
  command.summary = "let a running daemon begin nothing for a while";
  command.text =
      "Without a word nothing at all is begun; with one, no plan that touches that site or kind. "
      "It "
      "ends by itself, after 7 days at most. What runs is finished.";
  command.most_words = 1;
  command.options = HoldOptions();
  command.examples = {"poolshift pause --for 2h --reason 'maintenance of the firewall'",
                      "poolshift pause Site1 --for 30m --reason 'power test'"};
  command.run = RunPause;
  return command;
}

Command UnpauseCommand() {
  Command command;
  command.name = "unpause";
  command.words = "ID";
  command.summary = "end a pause before its time";
  command.text = "`poolshift status` shows the ids.";
  command.least_words = 1;
  command.most_words = 1;
  command.options = DaemonOptions();
  command.examples = {"poolshift unpause p3"};
  command.run = RunUnpause;
  return command;
}

Command BreakGlassCommand() {
  Command command;
  command.name = "break-glass";
  command.summary = "let a running daemon act outside windows and in freezes, for a while";
  command.text =
      "For an emergency: change windows and freezes do not hold until the time has passed (24 "
      "hours "
      "at most). Modes, approvals and limits do. It is recorded, and shown everywhere while it "
      "lasts.";
  command.options = HoldOptions();
  command.examples = {"poolshift break-glass --for 1h --reason 'Site1 burns'"};
  command.run = RunBreakGlass;
  return command;
}

}  // namespace poolshift
