// TlsCredentials: what a gRPC server proves itself with, and whom it believes, read anew from the
// files whenever somebody connects: a certificate is renewed without a restart. What is wrong is
// not taken; then the former texts go on to count.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <grpc/grpc_security.h>
#include <grpcpp/security/server_credentials.h>

#include "controller/daemon/tls_files.h"

namespace poolshift {

// Callers must show a certificate from one of the authorities. TLS 1.2 or newer, as gRPC has it.
class TlsCredentials final : public grpc::ServerCredentials {
 public:
  using Log = std::function<void(const std::string& line)>;

  // `files` is borrowed, and so is this object by a server: it must outlive the last connection
  // that is handed to it. Errors are those of tls_files.h.
  static absl::StatusOr<std::shared_ptr<TlsCredentials>> Make(Files& files,
                                                              TlsPlaces places,
                                                              Log log);
  ~TlsCredentials() override;

  // Of one's own certificate, at the start.
  const CertificateFacts& facts() const { return facts_; }

  // Nobody is asked: what a caller may do follows from the certificate.
  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>& processor) override;

 private:
  TlsCredentials(Files& files, TlsPlaces places, Log log);

  int AddPortToServer(const std::string& address, grpc_server* server) override;
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config);
  // What Fetch gives; InvalidArgument and the like: nothing, and why.
  absl::StatusOr<grpc_ssl_server_certificate_config*> Renewed();

  Files& files_;
  const TlsPlaces places_;
  const Log log_;
  CertificateFacts facts_;
  TlsTexts taken_;         // what gRPC has; of the thread that hands connections on
  std::string complaint_;  // the last one, which is not repeated
  grpc_server_credentials* credentials_ = nullptr;
};

}  // namespace poolshift
