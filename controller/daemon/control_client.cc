#include "controller/daemon/control_client.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "controller/daemon/control_messages.h"
#include "controller/daemon/grpc_log.h"
#include "controller/daemon/host_port.h"
#include "controller/daemon/keepalive.h"
#include "controller/daemon/tls_refusal.h"
#include "controller/model/try.h"
#include "controller/policy/limits.h"
#include "poolshift/control/v1/control.grpc.pb.h"
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift {
namespace {

namespace v1 = control::v1;

constexpr std::chrono::seconds kConnecting(10);
constexpr absl::Duration kAsking = absl::Seconds(5);  // once more, why it cannot be spoken with
constexpr std::chrono::seconds kPatience(40);         // longer than a status that waits for a look

absl::Status ToAbsl(const grpc::Status& status) {
  return {static_cast<absl::StatusCode>(status.error_code()), status.error_message()};
}

absl::Status NobodyListens(const std::string& socket, const std::string& why) {
  return absl::UnavailableError(socket + ": " + why +
                                "; start `poolshift serve`, or name its socket with --socket");
}

// Whether its owner may pose as the daemon: root, this account, or an account to which root gave
// the socket's folder right below /run, as systemd gives /run/poolshift to that of the service.
// Nowhere else: a home is a folder that root gave, too.
bool IsTrusted(const std::string& socket, uid_t owner) {
  if (owner == 0 || owner == ::geteuid()) return true;
  std::error_code fault;
  const auto folder = std::filesystem::canonical(socket, fault).parent_path();
  struct stat own {};
  return !fault && folder.parent_path() == "/run" && ::stat(folder.c_str(), &own) == 0 &&
         own.st_uid == owner && (own.st_mode & 0022) == 0;
}

// Until it can be spoken with, or an attempt failed.
bool Connects(grpc::Channel& channel) {
  const auto deadline = std::chrono::system_clock::now() + kConnecting;
  grpc_connectivity_state state = channel.GetState(/*try_to_connect=*/true);
  while (state != GRPC_CHANNEL_READY && state != GRPC_CHANNEL_TRANSIENT_FAILURE) {
    if (!channel.WaitForStateChange(state, deadline)) return false;
    state = channel.GetState(/*try_to_connect=*/true);
  }
  return state == GRPC_CHANNEL_READY;
}

absl::Status CheckTime(const std::string& path, const CertificateFacts& facts, absl::Time now) {
  if (facts.IsValidAt(now)) return absl::OkStatus();
  const bool ended = now >= facts.ends;
  return absl::UnauthenticatedError(
      path + ": your certificate " + (ended ? "ended " : "begins ") +
      MinuteText(ended ? facts.ends : facts.begins) +
      (ended ? "; have it renewed" : "; compare the clocks of this machine and of its CA"));
}

// One call with a deadline.
template <typename Request, typename Response>
absl::StatusOr<Response> Call(v1::Control::Stub& stub,
                              grpc::Status (v1::Control::Stub::*method)(grpc::ClientContext*,
                                                                        const Request&,
                                                                        Response*),
                              const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return ToAbsl(status);
  return response;
}

}  // namespace

struct ControlClient::Channel {
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::Control::Stub> stub;
};

ControlClient::ControlClient(std::unique_ptr<Channel> channel) : channel_(std::move(channel)) {}
ControlClient::~ControlClient() = default;

absl::StatusOr<std::unique_ptr<ControlClient>> ControlClient::Connect(const std::string& socket) {
  struct stat status {};
  if (::stat(socket.c_str(), &status) != 0) return NobodyListens(socket, std::strerror(errno));
  if (!S_ISSOCK(status.st_mode)) return absl::InvalidArgumentError(socket + ": is no socket");
  if (!IsTrusted(socket, status.st_uid)) {
    return absl::PermissionDeniedError(socket + " belongs to user " +
                                       std::to_string(status.st_uid) +
                                       ", neither to root nor to you, and is not in a folder of "
                                       "theirs below /run; it is not trusted");
  }
  auto channel = std::make_unique<Channel>();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  channel->channel =
      grpc::CreateCustomChannel("unix:" + socket, grpc::InsecureChannelCredentials(), arguments);
  if (!channel->channel->WaitForConnected(std::chrono::system_clock::now() +
                                          std::chrono::seconds(3)))
    return NobodyListens(socket, "nobody answers");
  channel->stub = v1::Control::NewStub(channel->channel);
  return std::unique_ptr<ControlClient>(new ControlClient(std::move(channel)));
}

absl::StatusOr<std::unique_ptr<ControlClient>> ControlClient::Connect(Files& files,
                                                                      const Remote& remote,
                                                                      absl::Time now) {
  POOLSHIFT_ASSIGN(const HostPort place, ParseHostPort(remote.server));
  POOLSHIFT_ASSIGN(const TlsTexts texts, ReadTlsTexts(files, remote.places));
  POOLSHIFT_ASSIGN(const CertificateFacts facts, CheckTlsTexts(remote.places, texts));
  POOLSHIFT_TRY(CheckTime(remote.places.certificate, facts, now));
  LeaveOutHandshakes();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = texts.authorities;
  options.pem_private_key = texts.key;
  options.pem_cert_chain = texts.certificate;
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kAliveMilliseconds);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kSilenceMilliseconds);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // no limit: a `watch` says nothing
  auto channel = std::make_unique<Channel>();
  channel->channel =
      grpc::CreateCustomChannel("dns:///" + place.text(), grpc::SslCredentials(options), arguments);
  if (!Connects(*channel->channel)) return WhyRefused(place, remote.places, texts, kAsking);
  channel->stub = v1::Control::NewStub(channel->channel);
  return std::unique_ptr<ControlClient>(new ControlClient(std::move(channel)));
}

absl::StatusOr<DaemonStatus> ControlClient::Status(std::uint64_t after_round) {
  v1::GetStatusRequest request;
  request.set_after_round(after_round);
  POOLSHIFT_ASSIGN(const v1::GetStatusResponse response,
                   Call(*channel_->stub, &v1::Control::Stub::GetStatus, request));
  return FromMessage(response);
}

absl::StatusOr<ControlClient::Document> ControlClient::Plan() {
  POOLSHIFT_ASSIGN(const v1::GetPlanResponse response,
                   Call(*channel_->stub, &v1::Control::Stub::GetPlan, v1::GetPlanRequest()));
  return Document{response.text(), response.json()};
}

absl::StatusOr<ControlClient::Document> ControlClient::Drift() {
  POOLSHIFT_ASSIGN(const v1::GetDriftResponse response,
                   Call(*channel_->stub, &v1::Control::Stub::GetDrift, v1::GetDriftRequest()));
  return Document{response.text(), response.json()};
}

absl::StatusOr<std::string> ControlClient::Decide(const std::string& digest,
                                                  bool agrees,
                                                  const std::string& reason,
                                                  const std::vector<std::string>& also) {
  v1::DecideRequest request;
  request.set_plan_digest(digest);
  request.set_agrees(agrees);
  request.set_reason(reason);
  for (const std::string& name : also)
    request.add_also(name);
  POOLSHIFT_ASSIGN(const v1::DecideResponse response,
                   Call(*channel_->stub, &v1::Control::Stub::Decide, request));
  return response.plan_digest();
}

absl::StatusOr<std::string> ControlClient::Pause(const std::string& scope,
                                                 absl::Duration duration,
                                                 const std::string& reason) {
  v1::PauseRequest request;
  request.set_scope(scope);
  request.set_seconds(absl::ToInt64Seconds(duration));
  request.set_reason(reason);
  POOLSHIFT_ASSIGN(const v1::PauseResponse response,
                   Call(*channel_->stub, &v1::Control::Stub::Pause, request));
  return response.id();
}

absl::Status ControlClient::Unpause(const std::string& id) {
  v1::UnpauseRequest request;
  request.set_id(id);
  return Call(*channel_->stub, &v1::Control::Stub::Unpause, request).status();
}

absl::Status ControlClient::BreakGlass(absl::Duration duration, const std::string& reason) {
  v1::BreakGlassRequest request;
  request.set_seconds(absl::ToInt64Seconds(duration));
  request.set_reason(reason);
  return Call(*channel_->stub, &v1::Control::Stub::BreakGlass, request).status();
}

absl::StatusOr<std::uint64_t> ControlClient::LookNow() {
  POOLSHIFT_ASSIGN(const v1::LookNowResponse response,
                   Call(*channel_->stub, &v1::Control::Stub::LookNow, v1::LookNowRequest()));
  return response.round();
}

absl::StatusOr<std::string> ControlClient::Login() {
  POOLSHIFT_ASSIGN(const v1::LoginResponse response,
                   Call(*channel_->stub, &v1::Control::Stub::Login, v1::LoginRequest()));
  return response.url();
}

absl::StatusOr<ControlClient::Document> ControlClient::Runs() {
  POOLSHIFT_ASSIGN(const v1::ListRunsResponse response,
                   Call(*channel_->stub, &v1::Control::Stub::ListRuns, v1::ListRunsRequest()));
  return Document{response.text(), response.json()};
}

absl::StatusOr<ControlClient::Document> ControlClient::Run(std::int64_t run) {
  v1::GetRunRequest request;
  request.set_run(run);
  POOLSHIFT_ASSIGN(const v1::GetRunResponse response,
                   Call(*channel_->stub, &v1::Control::Stub::GetRun, request));
  return Document{response.text(), response.json()};
}

absl::Status ControlClient::Watch(const std::function<bool(const std::string& json)>& line) {
  grpc::ClientContext context;
  const auto reader = channel_->stub->Watch(&context, v1::WatchRequest());
  v1::WatchResponse response;
  while (reader->Read(&response)) {
    if (line(response.json())) continue;
    context.TryCancel();
    while (reader->Read(&response)) {
    }
    (void)reader->Finish();
    return absl::OkStatus();
  }
  return ToAbsl(reader->Finish());
}

}  // namespace poolshift
