// RemoteServer: the control API for other machines, over TLS in which both sides show a
// certificate. Serves from threads of its own until it is destroyed.
//
// gRPC speaks TLS; connections are accepted here, so that those who prove nothing (RFC 8446 leaves
// them as much time as they want) cannot take all the descriptors of the process.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "controller/daemon/acceptor.h"
#include "controller/daemon/control_service.h"
#include "controller/daemon/open_connections.h"
#include "controller/daemon/remote_callers.h"
#include "controller/daemon/tls_credentials.h"

namespace grpc {
class Server;
namespace experimental {
class ExternalConnectionAcceptor;
}  // namespace experimental
}  // namespace grpc

namespace poolshift {

class RemoteServer {
 public:
  struct Options {
    std::string listen;  // "192.0.2.1:7443"; port 0: one that is free
    TlsPlaces places;
    TlsCredentials::Log log;
  };

  // `files`, `desk` and `pages` (null: none are served) are borrowed. Errors, each with what to do:
  // InvalidArgument for the place or the files, FailedPrecondition when the place cannot be had.
  static absl::StatusOr<std::unique_ptr<RemoteServer>> Start(
      Options options, Files& files, const Roles& roles, Desk& desk, PageDoor* pages);
  ~RemoteServer();

  // Where it listens: "192.0.2.1:7443".
  const std::string& place() const { return place_; }
  const CertificateFacts& facts() const { return credentials_->facts(); }

 private:
  RemoteServer(std::string place,
               std::shared_ptr<TlsCredentials> credentials,
               const Roles& roles,
               Desk& desk,
               PageDoor* pages);
  bool Serve();
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

}  // namespace poolshift
