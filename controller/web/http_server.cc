#include "controller/web/http_server.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

#include "controller/web/pages.h"
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>

namespace poolshift {
namespace {

constexpr unsigned kMostConnections = 64;
constexpr unsigned kPatienceSeconds = 10;
constexpr std::size_t kMemoryAConnection = 32 * 1024;

struct Place {
  sockaddr_storage address{};
  bool six = false;
  std::uint16_t port = 0;
};

absl::Status NoPlace(const std::string& listen) {
  return absl::InvalidArgumentError("--listen " + listen +
                                    ": write 127.0.0.1:PORT or [::1]:PORT; the pages are served to "
                                    "this machine only, put a proxy "
                                    "with TLS and a login before them for others");
}

absl::StatusOr<Place> PlaceOf(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos) return NoPlace(listen);
  std::string host = listen.substr(0, colon);
  const std::string_view port = std::string_view(listen).substr(colon + 1);
  Place place;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), place.port);
  if (error != std::errc() || end != port.data() + port.size()) return NoPlace(listen);
  if (host == "[::1]") {
    place.six = true;
    auto& six = reinterpret_cast<sockaddr_in6&>(place.address);  // NOLINT: how sockets are named
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(place.port);
    six.sin6_addr = in6addr_loopback;
    return place;
  }
  auto& four = reinterpret_cast<sockaddr_in&>(place.address);  // NOLINT
  four.sin_family = AF_INET;
  four.sin_port = htons(place.port);
  if (host == "localhost") host = "127.0.0.1";
  if (::inet_pton(AF_INET, host.c_str(), &four.sin_addr) != 1 ||
      (ntohl(four.sin_addr.s_addr) >> 24) != 127)
    return NoPlace(listen);
  return place;
}

struct Answer {
  unsigned status = MHD_HTTP_OK;
  std::string body;
  const char* type = "text/html; charset=utf-8";
};

Answer Plain(unsigned status, std::string body) {
  return {status, std::move(body), "text/plain; charset=utf-8"};
}

Answer AnswerTo(std::string_view path, const Snapshot& snapshot, absl::Time now) {
  if (path == "/") return {MHD_HTTP_OK, OverviewPage(snapshot)};
  if (path == "/plan") return {MHD_HTTP_OK, PlanPage(snapshot)};
  if (path == "/drift") return {MHD_HTTP_OK, DriftPage(snapshot)};
  if (path == "/runs") return {MHD_HTTP_OK, RunsPage(snapshot)};
  if (path == "/healthz") return Plain(MHD_HTTP_OK, "alive\n");
  if (path == "/readyz") {
    const bool ready = snapshot.organization != nullptr && snapshot.error.empty();
    return ready ? Plain(MHD_HTTP_OK, "ready\n")
                 : Plain(MHD_HTTP_SERVICE_UNAVAILABLE,
                         "not ready: " +
                             (snapshot.error.empty() ? "nothing was seen yet" : snapshot.error) +
                             "\n");
  }
  if (path == "/metrics")
    return {MHD_HTTP_OK, MetricsText(snapshot, now), "text/plain; version=0.0.4; charset=utf-8"};
  return {MHD_HTTP_NOT_FOUND, MissingPage()};
}

// A page of another name that leads here (DNS rebinding) gets nothing.
bool IsOurName(const char* host) {
  if (host == nullptr) return true;  // HTTP/1.0
  std::string_view name = host;
  const std::size_t colon = name.rfind(':');
  if (colon != std::string_view::npos && name.find(']', colon) == std::string_view::npos)
    name = name.substr(0, colon);
  return name == "localhost" || name == "[::1]" || name.starts_with("127.");
}

class Daemon final : public HttpServer {
 public:
  Daemon(const Board& board, const Clock& clock) : board_(board), clock_(clock) {}
  ~Daemon() override {
    if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
  }

  absl::Status Listen(const std::string& listen, const Place& place) {
    const auto* address = reinterpret_cast<const sockaddr*>(&place.address);  // NOLINT
    daemon_ = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | (place.six ? MHD_USE_IPv6 : MHD_NO_FLAG),
        place.port,
        nullptr,
        nullptr,
        &Daemon::OnRequest,
        this,
        MHD_OPTION_SOCK_ADDR,
        address,
        MHD_OPTION_CONNECTION_LIMIT,
        kMostConnections,
        MHD_OPTION_CONNECTION_TIMEOUT,
        kPatienceSeconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        kMemoryAConnection,
        MHD_OPTION_END);
    if (daemon_ == nullptr)
      return absl::UnavailableError("--listen " + listen + ": " + std::strerror(errno));
    const MHD_DaemonInfo* info = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT);
    url_ = "http://" + std::string(listen.substr(0, listen.rfind(':'))) + ':' +
           std::to_string(info == nullptr ? place.port : info->port) + '/';
    return absl::OkStatus();
  }
  std::string url() const override { return url_; }

 private:
  static MHD_Result OnRequest(void* self,
                              MHD_Connection* connection,
                              const char* path,
                              const char* method,
                              const char* /*version*/,
                              const char* /*upload*/,
                              std::size_t* /*upload_size*/,
                              void** /*state*/) {
    return static_cast<Daemon*>(self)->Reply(connection, path, method);
  }

  MHD_Result Reply(MHD_Connection* connection, std::string_view path, std::string_view method) {
    Answer answer;
    const char* host =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    if (method != "GET" && method != "HEAD") {
      answer = Plain(MHD_HTTP_METHOD_NOT_ALLOWED, "only GET\n");
    } else if (!IsOurName(host)) {
      answer = Plain(MHD_HTTP_FORBIDDEN, "ask for this machine by a loopback name\n");
    } else {
      answer = AnswerTo(path, *board_.Current(), clock_.Now());
    }
    MHD_Response* response = MHD_create_response_from_buffer(
        answer.body.size(), answer.body.data(), MHD_RESPMEM_MUST_COPY);
    constexpr std::pair<const char*, const char*> kHeaders[] = {
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
         "frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cache-Control", "no-store"}};
    for (const auto& [name, value] : kHeaders)
      MHD_add_response_header(response, name, value);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer.type);
    if (answer.status == MHD_HTTP_METHOD_NOT_ALLOWED)
      MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    const MHD_Result queued = MHD_queue_response(connection, answer.status, response);
    MHD_destroy_response(response);
    return queued;
  }

  const Board& board_;
  const Clock& clock_;
  std::string url_;
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& listen,
                                                              const Board& board,
                                                              const Clock& clock) {
  const absl::StatusOr<Place> place = PlaceOf(listen);
  if (!place.ok()) return place.status();
  auto daemon = std::make_unique<Daemon>(board, clock);
  if (const absl::Status listens = daemon->Listen(listen, *place); !listens.ok()) return listens;
  return daemon;
}

}  // namespace poolshift
