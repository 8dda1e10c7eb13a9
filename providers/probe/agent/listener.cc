#include "providers/probe/agent/listener.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <list>
#include <thread>

#include "absl/time/clock.h"

#include "fmt/format.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

namespace poolshift::probe {
namespace {

constexpr std::size_t kMostSessions = 16;
constexpr absl::Duration kHandshake = absl::Seconds(10);

absl::Status Failure(const HostPort& place, std::string_view what) {
  return absl::UnavailableError(
      fmt::format("{} {}: {}", what, Place(place.address, place.port), std::strerror(errno)));
}

struct Running {
  std::jthread thread;
  std::shared_ptr<std::atomic<bool>> done;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> Listener::Open(const AgentSettings& settings,
                                                         const Eyes& eyes) {
  std::unique_ptr<Listener> listener(new Listener(settings, eyes));
  absl::StatusOr<TlsContext> context = MakeTlsContext(settings.link, true, true);
  if (!context.ok()) return context.status();
  listener->context_ = *std::move(context);

  const HostPort& place = settings.listen;
  sockaddr_storage storage{};
  socklen_t size = 0;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (inet_pton(AF_INET, place.address.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(static_cast<std::uint16_t>(place.port));
    size = sizeof *v4;
  } else {
    inet_pton(AF_INET6, place.address.c_str(), &v6->sin6_addr);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(static_cast<std::uint16_t>(place.port));
    size = sizeof *v6;
  }
  Socket socket(::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(socket.get(), reinterpret_cast<sockaddr*>(&storage), size) != 0)
    return Failure(place, "cannot bind");
  if (listen(socket.get(), 32) != 0) return Failure(place, "cannot listen on");
  listener->socket_ = std::move(socket);
  listener->port_ = place.port;
  return listener;
}

// The CA may have signed more than controllers.
std::string Listener::ObjectionTo(const Stream& stream) const {
  const std::unique_ptr<X509, Releases<X509_free>> certificate(
      SSL_get1_peer_certificate(stream.tls()));
  if (certificate == nullptr) return "it shows no certificate";
  const bool known = std::any_of(
      settings_.controllers.begin(), settings_.controllers.end(), [&](const std::string& name) {
        return X509_check_host(certificate.get(),
                               name.data(),
                               name.size(),
                               X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
                               nullptr) == 1;
      });
  return known ? "" : "its certificate names none of the `controller` lines";
}

void Listener::Serve(Socket socket) {
  Stream stream(std::move(socket));
  const absl::Status begun = stream.BeginServer(*context_, absl::Now() + kHandshake);
  std::string objection(begun.message());
  if (begun.ok()) objection = ObjectionTo(stream);
  if (!objection.empty()) {
    std::clog << "a connection is refused: " << Printable(objection) << std::endl;
    return;
  }
  StreamLine line(std::move(stream));
  ServeSession(line, eyes_, settings_.inventory);
}

void Listener::Run(const std::atomic<bool>& stop) {
  std::list<Running> sessions;
  while (!stop) {
    sessions.remove_if([](const Running& each) { return each.done->load(); });
    if (!WaitFor(socket_.get(), POLLIN, absl::Now() + absl::Milliseconds(500))) continue;
    Socket socket(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.is_open()) continue;
    if (sessions.size() >= kMostSessions) {
      std::clog << "a connection is refused: " << kMostSessions << " are open" << std::endl;
      continue;
    }
    auto done = std::make_shared<std::atomic<bool>>(false);
    sessions.push_back({std::jthread([this, done, taken = std::move(socket)]() mutable {
                          Serve(std::move(taken));
                          *done = true;
                        }),
                        done});
  }
  // Sessions end with the process: whoever waits for an answer sees the connection end.
  for (Running& session : sessions)
    session.thread.detach();
}

}  // namespace poolshift::probe
