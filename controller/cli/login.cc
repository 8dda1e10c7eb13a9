// `poolshift login`: a link to the pages of a running daemon.
#include "controller/cli/control.h"
#include "controller/cli/verbs.h"

namespace poolshift {
namespace {

ExitCode RunLogin(Session& session, const Arguments& arguments) {
  const Connection connection = Connect(session, arguments);
  if (connection.client == nullptr) return connection.code;
  const absl::StatusOr<std::string> url = connection.client->Login();
  if (!url.ok()) return session.Fail(url.status());
  session.out << *url << '\n';
  session.Tell(connection.remote ? "open it within a minute, on the daemon's machine or through a "
                                   "tunnel to it; it works once"
                                 : "open it within a minute, on this machine; it works once");
  return kExitOk;
}

}  // namespace

Command LoginCommand() {
  Command command;
  command.name = "login";
  command.summary = "print a link with which you may agree on the pages";
  command.text =
      "Asks a running daemon for a link to its pages. Whoever opens it within a minute, once, may "
      "there agree to a plan or say no as you, for eight hours or until the log-out. Pages are "
      "read "
      "without. They are on the daemon's machine only; from elsewhere open a tunnel first: `ssh -L "
      "8080:127.0.0.1:8080 HOST`.";
  command.options = DaemonOptions();
  command.examples = {"poolshift login"};
  command.run = RunLogin;
  return command;
}

}  // namespace poolshift
