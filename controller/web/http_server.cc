#include "controller/web/http_server.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/web/answers.h"
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

std::string_view ValueOf(MHD_Connection* connection, MHD_ValueKind kind, std::string_view name) {
  const char* value = MHD_lookup_connection_value(connection, kind, std::string(name).c_str());
  return value == nullptr ? std::string_view() : value;
}

// One field of a form; a long one comes in pieces.
MHD_Result OnField(void* fields,
                   MHD_ValueKind /*kind*/,
                   const char* name,
                   const char* /*file*/,
                   const char* /*type*/,
                   const char* /*encoding*/,
                   const char* data,
                   std::uint64_t offset,
                   std::size_t size) {
  if (name == nullptr) return MHD_NO;  // a part without a name
  auto& form = *static_cast<std::vector<std::pair<std::string, std::string>>*>(fields);
  if (offset == 0) form.emplace_back(name, "");
  if (form.empty()) return MHD_NO;
  form.back().second.append(data, size);
  return MHD_YES;
}

// Nothing for a body that is no form.
void ReadForm(MHD_Connection* connection, WebRequest& request) {
  constexpr std::size_t kBuffer = 4096;
  const std::string_view type = ValueOf(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);
  if (!type.starts_with("application/x-www-form-urlencoded")) return;
  MHD_PostProcessor* processor =
      MHD_create_post_processor(connection, kBuffer, &OnField, &request.form);
  if (processor == nullptr) return;
  const bool read =
      MHD_post_process(processor, request.body.data(), request.body.size()) == MHD_YES;
  MHD_destroy_post_processor(processor);
  if (!read) request.form.clear();
}

WebRequest RequestOf(MHD_Connection* connection,
                     const char* method,
                     const char* path,
                     std::string body) {
  WebRequest request;
  request.method = method;
  request.path = path;
  for (const std::string_view name : kReadHeaders)
    request.headers[std::string(name)] = ValueOf(connection, MHD_HEADER_KIND, name);
  request.session = ValueOf(connection, MHD_COOKIE_KIND, SessionCookie(request.Header("host")));
  request.invitation = ValueOf(connection, MHD_GET_ARGUMENT_KIND, "invitation");
  request.too_large = body.size() > PushHook::kLargestBody;
  if (!request.too_large) request.body = std::move(body);
  if (!request.body.empty() && request.path != kHookPath) ReadForm(connection, request);
  return request;
}

class Daemon final : public HttpServer {
 public:
  Daemon(const Board& board, const Clock& clock, const Doors& doors)
      : board_(board), clock_(clock), doors_(doors) {}
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
        MHD_OPTION_NOTIFY_COMPLETED,
        &Daemon::OnEnd,
        nullptr,
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
    if (!daemon.TakesBody(method, path))
      return daemon.Reply(connection, RequestOf(connection, method, path, ""));
    if (*state == nullptr) {
      *state = new std::string;  // freed by OnEnd
      return MHD_YES;
    }
    auto& body = *static_cast<std::string*>(*state);
    if (*upload_size == 0)
      return daemon.Reply(connection, RequestOf(connection, method, path, std::move(body)));
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

  MHD_Result Reply(MHD_Connection* connection, const WebRequest& request) const {
    WebAnswer answer = AnswerTo(request, board_, clock_, doors_);
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
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer.type.c_str());
    if (!answer.allow.empty())
      MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, answer.allow.c_str());
    if (!answer.cookie.empty())
      MHD_add_response_header(response, MHD_HTTP_HEADER_SET_COOKIE, answer.cookie.c_str());
    const MHD_Result queued = MHD_queue_response(connection, answer.status, response);
    MHD_destroy_response(response);
    return queued;
  }

  const Board& board_;
  const Clock& clock_;
  const Doors doors_;
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

}  // namespace poolshift
