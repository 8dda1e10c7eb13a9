#include "controller/daemon/tls_credentials.h"

#include <utility>

#include <grpc/grpc.h>

#include "controller/model/try.h"

namespace poolshift {

absl::StatusOr<std::shared_ptr<TlsCredentials>> TlsCredentials::Make(Files& files,
                                                                     TlsPlaces places,
                                                                     Log log) {
  std::shared_ptr<TlsCredentials> made(
      new TlsCredentials(files, std::move(places), std::move(log)));
  POOLSHIFT_ASSIGN(const TlsTexts texts, ReadTlsTexts(files, made->places_));
  POOLSHIFT_ASSIGN(made->facts_, CheckTlsTexts(made->places_, texts));
  return made;
}

TlsCredentials::TlsCredentials(Files& files, TlsPlaces places, Log log)
    : files_(files),
      places_(std::move(places)),
      log_(std::move(log)),
      credentials_(grpc_ssl_server_credentials_create_with_options(
          grpc_ssl_server_credentials_create_options_using_config_fetcher(
              GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY, &Fetch, this))) {}

TlsCredentials::~TlsCredentials() { grpc_server_credentials_release(credentials_); }

void TlsCredentials::SetAuthMetadataProcessor(
    const std::shared_ptr<grpc::AuthMetadataProcessor>& /*processor*/) {}

int TlsCredentials::AddPortToServer(const std::string& address, grpc_server* server) {
  return grpc_server_add_http2_port(server, address.c_str(), credentials_);
}

grpc_ssl_certificate_config_reload_status TlsCredentials::Fetch(
    void* self, grpc_ssl_server_certificate_config** config) {
  auto& credentials = *static_cast<TlsCredentials*>(self);
  const absl::StatusOr<grpc_ssl_server_certificate_config*> renewed = credentials.Renewed();
  const std::string complaint = renewed.ok() ? "" : std::string(renewed.status().message());
  if (complaint != std::exchange(credentials.complaint_, complaint) && !complaint.empty())
    credentials.log_("control over TLS goes on with the former certificates: " + complaint);
  if (!renewed.ok() || *renewed == nullptr) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  *config = *renewed;
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

absl::StatusOr<grpc_ssl_server_certificate_config*> TlsCredentials::Renewed() {
  POOLSHIFT_ASSIGN(TlsTexts texts, ReadTlsTexts(files_, places_));
  if (texts == taken_) return nullptr;
  POOLSHIFT_TRY(CheckTlsTexts(places_, texts).status());
  const grpc_ssl_pem_key_cert_pair own{texts.key.c_str(), texts.certificate.c_str()};
  grpc_ssl_server_certificate_config* config =
      grpc_ssl_server_certificate_config_create(texts.authorities.c_str(), &own, 1);
  taken_ = std::move(texts);
  return config;
}

}  // namespace poolshift
