#include "providers/sip/server/kamailio.h"

#include <utility>

#include "controller/model/try.h"
#include "providers/sip/server/dispatcher.h"
#include "providers/sip/server/rpc_text.h"

namespace poolshift::sip {
namespace {

std::string EndPoint(const std::string& address, int port) {
  const bool bare_v6 = address.find(':') != std::string::npos && address.front() != '[';
  return (bare_v6 ? '[' + address + ']' : address) + ':' + std::to_string(port);
}

// What it prints; a refusal of Kamailio's is printed too ("error: 500 - …") and no fault of asking.
absl::StatusOr<std::string> Ask(const linux_host::Server& server,
                                const KamailioWords& words,
                                const std::string& question,
                                absl::Time deadline) {
  POOLSHIFT_ASSIGN(ssh::Output output,
                   server.machine.Run({words.kamcmd, "-s", words.control, question}, deadline));
  if (output.status == 0) return std::move(output.out);
  return absl::UnavailableError("`kamcmd " + question + "` on " + server.machine.name() +
                                " says: " + linux_host::Complaint(output) +
                                " (Kamailio must load ctl.so with a socket that the account may "
                                "use)");
}

class Dispatcher final : public linux_host::Inside {
 public:
  Dispatcher(const linux_host::Server& server, KamailioWords words, std::vector<std::int64_t> sets)
      : server_(server), words_(std::move(words)), sets_(std::move(sets)) {}

  absl::StatusOr<std::optional<linux_host::Ways>> Look(absl::Time deadline) override {
    POOLSHIFT_ASSIGN(const std::string printed, Ask(server_, words_, "dispatcher.list", deadline));
    const auto destinations = DestinationsIn(printed);
    if (!destinations.ok())
      return absl::UnavailableError("`kamcmd dispatcher.list` on " + server_.machine.name() + ": " +
                                    std::string(destinations.status().message()));
    if (destinations->has_value()) return WaysAmong(**destinations, sets_);
    if (!is_declared()) return std::nullopt;
    return absl::UnavailableError("`dispatcherSets` is declared, and Kamailio on " +
                                  server_.machine.name() + " does not load dispatcher.so");
  }

  bool is_declared() const override { return !sets_.empty(); }

 private:
  const linux_host::Server& server_;
  const KamailioWords words_;
  const std::vector<std::int64_t> sets_;
};

class Kamailio final : public linux_host::PeerStreams {
 public:
  Kamailio(const linux_host::Server& server, linux_host::RoleService service, KamailioWords words)
      : server_(server), service_(std::move(service)), words_(std::move(words)) {}

  absl::StatusOr<std::int64_t> Count(absl::Time deadline) override {
    POOLSHIFT_ASSIGN(const std::vector<Connection> peers, Peers(deadline));
    return static_cast<std::int64_t>(peers.size());
  }

  absl::Status Close(absl::Time deadline) override {
    if (words_.restarts) return Restart(deadline);
    POOLSHIFT_ASSIGN(const std::vector<Connection> peers, Peers(deadline));
    for (const Connection& peer : peers) {
      POOLSHIFT_ASSIGN(const ssh::Output output,
                       server_.machine.Run({"ss",
                                            "-K",
                                            "state",
                                            "connected",
                                            "src",
                                            EndPoint(peer.own_address, peer.own_port),
                                            "dst",
                                            EndPoint(peer.peer_address, peer.peer_port)},
                                           deadline));
      if (output.status != 0)
        return absl::InternalError("`ss -K` on " + server_.machine.name() +
                                   " says: " + linux_host::Complaint(output) +
                                   "; where the kernel cannot close sockets, use `close: restart`");
    }
    return absl::OkStatus();
  }

  std::vector<std::string> CloseCommands() const override {
    if (words_.restarts)
      return {linux_host::Typed(server_.machine, {"systemctl", "restart", service_.unit})};
    return {
        linux_host::Typed(server_.machine, {words_.kamcmd, "-s", words_.control, "core.tcp_list"}),
        "# for each TLS connection of port " + std::to_string(service_.port) + ": ss -K state " +
            "connected src <dst_ip>:<dst_port> dst <src_ip>:<src_port>"};
  }

 private:
  // What was stopped may not have come up again.
  absl::Status Restart(absl::Time deadline) const {
    absl::Status done = server_.systemd->Restart(service_.unit, deadline);
    if (done.ok() || absl::IsPermissionDenied(done)) return done;
    return absl::UnknownError(std::string(done.message()) + "; see that " + service_.unit + " on " +
                              server_.machine.name() + " runs");
  }

  absl::StatusOr<std::vector<Connection>> Peers(absl::Time deadline) const {
    POOLSHIFT_ASSIGN(const std::string printed, Ask(server_, words_, "core.tcp_list", deadline));
    if (printed.rfind("error:", 0) != 0) return PeersIn(printed, service_.port);
    return absl::UnavailableError(
        "`kamcmd core.tcp_list` on " + server_.machine.name() +
        " says: " + linux_host::Complaint({.status = 0, .out = printed, .err = {}}));
  }

  const linux_host::Server& server_;
  const linux_host::RoleService service_;
  const KamailioWords words_;
};

}  // namespace

std::unique_ptr<linux_host::Inside> MakeDispatcher(const linux_host::Server& server,
                                                   const KamailioWords& words,
                                                   std::vector<std::int64_t> sets) {
  return std::make_unique<Dispatcher>(server, words, std::move(sets));
}

std::unique_ptr<linux_host::PeerStreams> MakeKamailio(const linux_host::Server& server,
                                                      const linux_host::RoleService& service,
                                                      const KamailioWords& words) {
  return std::make_unique<Kamailio>(server, service, words);
}

}  // namespace poolshift::sip
