#include "controller/cli/control.h"

#include "controller/cli/age.h"
#include "controller/model/try.h"
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

std::vector<OptionSpec> DaemonOptions(std::vector<OptionSpec> own) {
  for (OptionSpec& option : std::vector<OptionSpec>{
           SocketOption(),
           {"--server", "HOST:PORT", "of a daemon elsewhere; otherwise POOLSHIFT_SERVER", ""},
           {"--ca", "FILE", "which CA its certificate comes from; otherwise POOLSHIFT_CA", ""},
           {"--cert", "FILE", "your certificate; otherwise POOLSHIFT_CERT", ""},
           {"--key", "FILE", "its key; otherwise POOLSHIFT_KEY", ""}})
    own.push_back(std::move(option));
  return own;
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

// An option, and the variable that counts without it.
struct Named {
  const char* option;
  const char* variable;
};
constexpr Named kServer{"--server", "POOLSHIFT_SERVER"};
constexpr Named kAuthorities{"--ca", "POOLSHIFT_CA"};
constexpr Named kCertificate{"--cert", "POOLSHIFT_CERT"};
constexpr Named kKey{"--key", "POOLSHIFT_KEY"};

absl::StatusOr<std::string> Needed(const Session& session,
                                   const Arguments& arguments,
                                   const Named& named) {
  if (arguments.Has(named.option)) return arguments.Value(named.option);
  if (std::string value = session.environment(named.variable); !value.empty()) return value;
  return absl::InvalidArgumentError(
      std::string("a daemon elsewhere is spoken with over TLS: name a file with ") + named.option +
      " or " + named.variable + " (docs/serve.md, \"From other machines\")");
}

// Whether a daemon elsewhere is meant.
absl::StatusOr<bool> IsRemote(const Session& session, const Arguments& arguments) {
  const bool server = arguments.Has("--server");
  for (const Named& each : {kServer, kAuthorities, kCertificate, kKey}) {
    if (arguments.Has("--socket") && arguments.Has(each.option))
      return absl::InvalidArgumentError(std::string("--socket is a daemon here and ") +
                                        each.option +
                                        " belongs to one elsewhere; leave one of them out");
  }
  if (server) return true;
  if (arguments.Has("--socket")) return false;
  const bool named = !session.environment(kServer.variable).empty();
  if (named && !session.environment("POOLSHIFT_SOCKET").empty()) {
    return absl::InvalidArgumentError(
        "POOLSHIFT_SERVER and POOLSHIFT_SOCKET are both set: unset one of them, or say with "
        "--server or --socket which daemon is meant");
  }
  for (const Named& each : {kAuthorities, kCertificate, kKey}) {
    if (!named && arguments.Has(each.option))
      return absl::InvalidArgumentError(std::string(each.option) +
                                        " needs --server HOST:PORT (or POOLSHIFT_SERVER): which "
                                        "daemon is meant");
  }
  return named;
}

absl::StatusOr<ControlClient::Remote> RemoteOf(const Session& session, const Arguments& arguments) {
  ControlClient::Remote remote;
  POOLSHIFT_ASSIGN(remote.server, Needed(session, arguments, kServer));
  POOLSHIFT_ASSIGN(remote.places.authorities, Needed(session, arguments, kAuthorities));
  POOLSHIFT_ASSIGN(remote.places.certificate, Needed(session, arguments, kCertificate));
  POOLSHIFT_ASSIGN(remote.places.key, Needed(session, arguments, kKey));
  return remote;
}

absl::StatusOr<std::unique_ptr<ControlClient>> ConnectElsewhere(const Session& session,
                                                                const Arguments& arguments) {
  POOLSHIFT_ASSIGN(const ControlClient::Remote remote, RemoteOf(session, arguments));
  return ControlClient::Connect(*session.world.files, remote, session.now());
}

}  // namespace

Connection Connect(Session& session, const Arguments& arguments) {
  const absl::StatusOr<bool> remote = IsRemote(session, arguments);
  if (!remote.ok()) return {nullptr, session.Fail(remote.status())};
  absl::StatusOr<std::unique_ptr<ControlClient>> client =
      *remote ? ConnectElsewhere(session, arguments)
              : ControlClient::Connect(SocketToAsk(session, arguments));
  if (!client.ok()) return {nullptr, session.Fail(client.status())};
  return {*std::move(client), kExitOk, *remote};
}

}  // namespace poolshift
