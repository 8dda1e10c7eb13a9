#include "controller/serve/remote_control.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "controller/model/try.h"
#include "controller/serve/tls_options.h"

namespace poolshift {
namespace {

constexpr std::string_view kListen = "--control-listen", kCertificate = "--control-cert",
                           kKey = "--control-key", kClients = "--control-clients";
constexpr std::array kAll = {kListen, kCertificate, kKey, kClients};

}  // namespace

absl::StatusOr<std::unique_ptr<RemoteServer>> StartRemoteControl(
    const Session& session,
    const Arguments& arguments,
    const Roles& roles,
    Desk& desk,
    PageDoor* pages,
    const std::function<void(const std::string& line)>& log) {
  POOLSHIFT_ASSIGN(const bool given,
                   AreGiven(arguments,
                            kAll,
                            "the control API is served to other machines over TLS in which both "
                            "sides show a certificate, with --control-listen, --control-cert, "
                            "--control-key and --control-clients"));
  if (!given) return nullptr;
  const TlsPlaces places{
      arguments.Value(kCertificate), arguments.Value(kKey), arguments.Value(kClients)};
  POOLSHIFT_ASSIGN(
      std::unique_ptr<RemoteServer> server,
      RemoteServer::Start(
          {arguments.Value(kListen), places, log}, *session.world.files, roles, desk, pages));
  log("control over TLS at " + server->place() + ValidityOf(server->facts(), session.now()));
  const std::vector<std::string> grants = arguments.Values("--role");
  if (std::ranges::none_of(
          grants, [](const std::string& text) { return text.starts_with(kCertificateGrantee); }))
    log("nobody may do anything there: no --role names a certificate, as in --role "
        "cert:alice=approver");
  return server;
}

}  // namespace poolshift
