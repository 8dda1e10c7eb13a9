#include "controller/cli/control.h"

#include "controller/cli/age.h"
#include <unistd.h>

namespace poolshift {

std::string SocketPath(const Session& session, const Arguments& arguments) {
  if (arguments.Has("--socket")) return arguments.Value("--socket");
  if (std::string named = session.environment("POOLSHIFT_SOCKET"); !named.empty()) return named;
  std::string folder = session.environment("XDG_RUNTIME_DIR");
  if (folder.empty() || folder.front() != '/') folder = "/run";
  return folder + "/poolshift/control.sock";
}

OptionSpec SocketOption() {
  return {"--socket",
          "FILE",
          "of the daemon; otherwise POOLSHIFT_SOCKET, or /run/poolshift/control.sock",
          ""};
}

absl::StatusOr<absl::Duration> DurationOf(const Arguments& arguments, const std::string& option) {
  const std::string text = arguments.Value(option);
  absl::Duration duration;
  if (ParseAge(text, duration)) return duration;
  return absl::InvalidArgumentError(option + " " + text + ": say for how long, as in `" + option +
                                    " 30m`, `" + option + " 2h` or `" + option + " 1d`");
}

namespace {

// A person's own daemon, or, when there is none, that of the system.
std::string SocketToAsk(const Session& session, const Arguments& arguments) {
  const std::string path = SocketPath(session, arguments);
  const std::string system = "/run/poolshift/control.sock";
  const bool named = arguments.Has("--socket") || !session.environment("POOLSHIFT_SOCKET").empty();
  return !named && ::access(path.c_str(), F_OK) != 0 && ::access(system.c_str(), F_OK) == 0 ? system
                                                                                            : path;
}

}  // namespace

Connection Connect(Session& session, const Arguments& arguments) {
  absl::StatusOr<std::unique_ptr<ControlClient>> client =
      ControlClient::Connect(SocketToAsk(session, arguments));
  if (!client.ok()) return {nullptr, session.Fail(client.status())};
  return {*std::move(client), kExitOk};
}

}  // namespace poolshift
