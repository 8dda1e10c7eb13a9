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
  const std::string where = url->starts_with("https:") ? ""
                            : connection.remote        ? ", on the daemon's machine or through a "
                                                         "tunnel to it"
                                                       : ", on this machine";
  session.Tell("open it within a minute" + where + "; it works once");
  return kExitOk;
}

}  // namespace

Command LoginCommand() {
  Command command;
  command.name = "login";
  command.summary = "print a link with which you may read the pages, or agree there";
  command.text =
      "Asks a running daemon for a link to its pages. Whoever opens it within a minute, once, is "
      "you there for eight hours or until the log-out: may read, and with the role approver agree "
      "to a plan or say no. Pages that the daemon's machine alone is shown are read without; from "
      "elsewhere open a tunnel to them first: `ssh -L 8080:127.0.0.1:8080 HOST`.";
  command.options = DaemonOptions();
  command.examples = {"poolshift login",
                      "poolshift login --server poolshift.contoso.com:7443 --ca control-ca.pem "
                      "--cert alice.pem --key alice.key"};
  command.run = RunLogin;
  return command;
}

}  // namespace poolshift
