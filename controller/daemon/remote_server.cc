#include "controller/daemon/remote_server.h"

#include <chrono>
#include <utility>

#include <grpc/grpc.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include "controller/daemon/acceptor.h"
#include "controller/daemon/control_service.h"
#include "controller/daemon/grpc_log.h"
#include "controller/daemon/keepalive.h"
#include "controller/daemon/listening.h"
#include "controller/daemon/open_connections.h"
#include "controller/daemon/remote_callers.h"
#include "controller/daemon/tls_credentials.h"
#include "controller/model/try.h"
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace poolshift {
namespace {

constexpr std::size_t kMostConnections = 128;
constexpr std::size_t kMostOfOneAddress = 32;
constexpr int kOldestMilliseconds = 600'000;
constexpr int kMostThreads = 8 * RemoteCallers::kMostCalls;
constexpr int kMostStreams = 16;  // of one connection
constexpr int kLargestRequest = 64 * 1024;
constexpr int kHandshakeMilliseconds = 10'000;
constexpr int kOftenestPingMilliseconds = 10'000;

class TlsServer final : public RemoteServer {
 public:
  TlsServer(std::string place,
            std::shared_ptr<TlsCredentials> credentials,
            const Roles& roles,
            Desk& desk,
            PageDoor* pages)
      : place_(std::move(place)),
        credentials_(std::move(credentials)),
        callers_(roles),
        service_([this](const grpc::ServerContext& context) { return callers_.Admit(context); },
                 desk,
                 pages),
        connections_(kMostConnections, kMostOfOneAddress) {}
  ~TlsServer() override;

  absl::Status Serve(Descriptor listening);
  const std::string& place() const override { return place_; }
  const CertificateFacts& facts() const override { return credentials_->facts(); }

 private:
  void TakeOver(Descriptor connection);

  const std::string place_;
  const std::shared_ptr<TlsCredentials> credentials_;
  RemoteCallers callers_;
  ControlService service_;
  OpenConnections connections_;  // of the acceptor's thread
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> door_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Acceptor> acceptor_;
};

absl::Status TlsServer::Serve(Descriptor listening) {
  LeaveOutHandshakes();
  grpc::ServerBuilder builder;
  builder.RegisterService(&service_);
  builder.SetMaxReceiveMessageSize(kLargestRequest);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MIN_POLLERS, 1);
  builder.SetResourceQuota(grpc::ResourceQuota().SetMaxThreads(kMostThreads));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostStreams);
  // New calls after that are made over a new connection, with the CAs of then. What runs goes on.
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, kOldestMilliseconds);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMilliseconds);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kAliveMilliseconds);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kSilenceMilliseconds);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // no limit
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kOftenestPingMilliseconds);
  door_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, credentials_);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) return absl::InternalError(place_ + ": gRPC does not serve TLS here");
  POOLSHIFT_ASSIGN(acceptor_, Acceptor::Start(std::move(listening), [this](Descriptor connection) {
                     TakeOver(std::move(connection));
                   }));
  return absl::OkStatus();
}

TlsServer::~TlsServer() {
  acceptor_.reset();
  if (server_ != nullptr)
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(2));
}

void TlsServer::TakeOver(Descriptor connection) {
  sockaddr_storage peer{};
  socklen_t size = sizeof(peer);
  auto* generic = reinterpret_cast<sockaddr*>(&peer);  // NOLINT: how sockets are named
  if (::getpeername(connection.number(), generic, &size) != 0 ||
      !connections_.Admit(connection.number(), PlaceOfSocket(peer, size).host))
    return;
  const int on = 1;
  ::setsockopt(connection.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters handed;
  handed.fd = connection.Release();
  door_->HandleNewConnection(&handed);
}

}  // namespace

absl::StatusOr<std::unique_ptr<RemoteServer>> RemoteServer::Start(
    Options options, Files& files, const Roles& roles, Desk& desk, PageDoor* pages) {
  POOLSHIFT_ASSIGN(std::shared_ptr<TlsCredentials> credentials,
                   TlsCredentials::Make(files, std::move(options.places), std::move(options.log)));
  POOLSHIFT_ASSIGN(Listening listening, Listen(options.listen));
  auto server = std::make_unique<TlsServer>(
      listening.place.text(), std::move(credentials), roles, desk, pages);
  POOLSHIFT_TRY(server->Serve(std::move(listening.socket)));
  return server;
}

}  // namespace poolshift
