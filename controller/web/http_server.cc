#include "controller/web/http_server.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/model/try.h"
#include "controller/web/answers.h"
#include "controller/web/connection_ages.h"
#include "controller/web/http_request.h"
#include "controller/web/tls_handshake.h"
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>

namespace poolshift {
namespace {

constexpr int kMostConnections = 64;
constexpr int kMostOverTls = 128;  // as of the control API
constexpr int kMostOfOneAddress = 32;
constexpr absl::Duration kOldestOverTls = absl::Minutes(1);
constexpr int kPatienceSeconds = 10;
constexpr int kMemoryAConnection = 32 * 1024;
// For a year (RFC 6797, section 6.1); other names of the domain are somebody else's.
constexpr std::string_view kStrictTransport = "max-age=31536000";

struct Place {
  sockaddr_storage address{};
  bool six = false;
  std::uint16_t port = 0;
};

absl::Status NoPlace(const std::string& listen) {
  return absl::InvalidArgumentError("--listen " + listen +
                                    ": write 127.0.0.1:PORT or [::1]:PORT; without TLS the pages "
                                    "are served to this machine only, to others with --listen-tls, "
                                    "--listen-cert and --listen-key");
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

class Daemon final : public HttpServer {
 public:
  Daemon(const Board& board, const Clock& clock, const Doors& doors)
      : board_(board), clock_(clock), doors_(doors) {}
  ~Daemon() override {
    if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
  }

  // To this machine.
  absl::Status Listen(const std::string& listen, const Place& place) {
    auto* address = const_cast<sockaddr_storage*>(&place.address);  // NOLINT: reads only
    POOLSHIFT_TRY(Begin(place.six ? MHD_USE_IPv6 : MHD_NO_FLAG,
                        {{MHD_OPTION_SOCK_ADDR, 0, address},
                         {MHD_OPTION_CONNECTION_LIMIT, kMostConnections, nullptr}},
                        "--listen " + listen));
    const MHD_DaemonInfo* info = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT);
    url_ = "http://" + std::string(listen.substr(0, listen.rfind(':'))) + ':' +
           std::to_string(info == nullptr ? place.port : info->port) + '/';
    return absl::OkStatus();
  }

  // To everybody, over TLS.
  absl::Status ListenTls(Tls tls) {
    certificates_ = tls.certificates;
    ages_.emplace(clock_, kOldestOverTls);
    url_ = std::move(tls.url);
    anybody_reads_ = tls.anybody_reads;
    const int socket = tls.listening.Release();  // libmicrohttpd closes it
    return Begin(MHD_USE_TLS,
                 {{MHD_OPTION_LISTEN_SOCKET, socket, nullptr},
                  {MHD_OPTION_CONNECTION_LIMIT, kMostOverTls, nullptr},
                  {MHD_OPTION_PER_IP_CONNECTION_LIMIT, kMostOfOneAddress, nullptr},
                  {MHD_OPTION_HTTPS_PRIORITIES, 0, const_cast<char*>(kTlsPriorities)},  // NOLINT
                  {MHD_OPTION_NOTIFY_CONNECTION, FunctionOf(&Daemon::OnConnection), this},
                  {MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, reinterpret_cast<void*>(&HandOver)}},
                 url_);
  }
  std::string url() const override { return url_; }

 private:
  template <typename Function>
  static std::intptr_t FunctionOf(Function* function) {
    return reinterpret_cast<std::intptr_t>(function);  // NOLINT: how libmicrohttpd takes them
  }

  absl::Status Begin(unsigned flags, std::vector<MHD_OptionItem> options, const std::string& what) {
    options.push_back({MHD_OPTION_CONNECTION_TIMEOUT, kPatienceSeconds, nullptr});
    options.push_back({MHD_OPTION_CONNECTION_MEMORY_LIMIT, kMemoryAConnection, nullptr});
    options.push_back({MHD_OPTION_NOTIFY_COMPLETED, FunctionOf(&Daemon::OnEnd), nullptr});
    options.push_back({MHD_OPTION_END, 0, nullptr});
    errno = 0;
    daemon_ = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | flags,
                               0,
                               nullptr,
                               nullptr,
                               &Daemon::OnRequest,
                               this,
                               MHD_OPTION_ARRAY,
                               options.data(),
                               MHD_OPTION_END);
    if (daemon_ != nullptr) return absl::OkStatus();
    return absl::UnavailableError(what + ": " + std::strerror(errno));
  }

  PageSite SiteNow() const {
    if (certificates_ == nullptr) return {};
    return {.tls = true, .names = certificates_->current().names, .anybody_reads = anybody_reads_};
  }

  // On the thread on which the handshake will be; at the end, before the socket is closed.
  static void OnConnection(void* self,
                           MHD_Connection* connection,
                           void** /*state*/,
                           MHD_ConnectionNotificationCode what) {
    auto& daemon = *static_cast<Daemon*>(self);
    const int socket =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) return daemon.ages_->Ended(socket);
    ServeWith(*daemon.certificates_);
    daemon.ages_->Began(socket);
  }

  // Who may send a body at all: others are answered before any of it is read.
  bool TakesBody(std::string_view method, std::string_view path) const {
    if (method != "POST") return false;
    if (path == kHookPath) return doors_.hook != nullptr;
    return doors_.sessions != nullptr && (path == "/decide" || path == "/leave");
  }

  // Called with the headers, then with each piece of a body, then once more.
  static MHD_Result OnRequest(void* self,
                              MHD_Connection* connection,
                              const char* path,
                              const char* method,
                              const char* /*version*/,
                              const char* upload,
                              std::size_t* upload_size,
                              void** state) {
    auto& daemon = *static_cast<Daemon*>(self);
    if (!daemon.TakesBody(method, path)) return daemon.Reply(connection, method, path, "");
    if (*state == nullptr) {
      *state = new std::string;  // freed by OnEnd
      return MHD_YES;
    }
    auto& body = *static_cast<std::string*>(*state);
    if (*upload_size == 0) return daemon.Reply(connection, method, path, std::move(body));
    // One byte more says that it is too large.
    const std::size_t room = PushHook::kLargestBody + 1 - body.size();
    body.append(upload, std::min(*upload_size, room));
    *upload_size = 0;
    return MHD_YES;
  }

  static void OnEnd(void* /*self*/,
                    MHD_Connection* /*connection*/,
                    void** state,
                    MHD_RequestTerminationCode /*why*/) {
    delete static_cast<std::string*>(*state);
    *state = nullptr;
  }

  MHD_Result Reply(MHD_Connection* connection,
                   const char* method,
                   const char* path,
                   std::string body) const {
    const PageSite site = SiteNow();
    WebAnswer answer = AnswerTo(
        RequestOf(connection, method, path, std::move(body), site), board_, clock_, doors_, site);
    MHD_Response* response = MHD_create_response_from_buffer(
        answer.body.size(), answer.body.data(), MHD_RESPMEM_MUST_COPY);
    constexpr std::pair<const char*, const char*> kHeaders[] = {
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
         "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cache-Control", "no-store"}};
    for (const auto& [name, value] : kHeaders)
      MHD_add_response_header(response, name, value);
    const std::pair<const char*, std::string_view> more[] = {
        {MHD_HTTP_HEADER_CONTENT_TYPE, answer.type},
        {MHD_HTTP_HEADER_ALLOW, answer.allow},
        {MHD_HTTP_HEADER_SET_COOKIE, answer.cookie},
        {MHD_HTTP_HEADER_WWW_AUTHENTICATE, answer.challenge},
        {MHD_HTTP_HEADER_STRICT_TRANSPORT_SECURITY, site.tls ? kStrictTransport : ""}};
    for (const auto& [name, value] : more)
      if (!value.empty()) MHD_add_response_header(response, name, std::string(value).c_str());
    const MHD_Result queued = MHD_queue_response(connection, answer.status, response);
    MHD_destroy_response(response);
    return queued;
  }

  const Board& board_;
  const Clock& clock_;
  const Doors doors_;
  PageCertificates* certificates_ = nullptr;  // null: no TLS
  std::optional<ConnectionAges> ages_;        // over TLS
  bool anybody_reads_ = true;
  std::string url_;
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& listen,
                                                              const Board& board,
                                                              const Clock& clock,
                                                              const Doors& doors) {
  const absl::StatusOr<Place> place = PlaceOf(listen);
  if (!place.ok()) return place.status();
  auto daemon = std::make_unique<Daemon>(board, clock, doors);
  if (const absl::Status listens = daemon->Listen(listen, *place); !listens.ok()) return listens;
  return daemon;
}

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::StartTls(Tls tls,
                                                                 const Board& board,
                                                                 const Clock& clock,
                                                                 const Doors& doors) {
  auto daemon = std::make_unique<Daemon>(board, clock, doors);
  POOLSHIFT_TRY(daemon->ListenTls(std::move(tls)));
  return daemon;
}

}  // namespace poolshift
