#include "controller/daemon/remote_callers.h"

#include <utility>

#include <grpc/grpc_security_constants.h>
#include <grpcpp/server_context.h>

#include "controller/daemon/certificate.h"
#include "controller/model/try.h"

namespace poolshift {

absl::StatusOr<Admitted> RemoteCallers::Admit(const grpc::ServerContext& context) {
  const auto proved = context.auth_context();
  if (proved == nullptr || !proved->IsPeerAuthenticated())
    return absl::UnauthenticatedError("the connection has proved nobody's identity");
  const auto certificates = proved->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (certificates.size() != 1)
    return absl::UnauthenticatedError("the connection came without a certificate");
  return AdmitHolder({certificates.front().data(), certificates.front().size()});
}

absl::StatusOr<Admitted> RemoteCallers::AdmitHolder(std::string_view certificate_pem) {
  POOLSHIFT_ASSIGN(const CertificateFacts facts, ReadCertificate(certificate_pem));
  POOLSHIFT_ASSIGN(const std::string name, HolderName(facts));
  if (!facts.IsValidAt(now_()))
    return absl::UnauthenticatedError("the certificate of " + name +
                                      " is not valid any more; have it renewed");
  const Caller caller{
      name, roles_.OfCertificate(name), std::string(kCertificateGrantee).append(name)};
  const std::lock_guard lock(calls_->mutex);
  if (calls_->of[name] >= kMostCalls) {
    return absl::ResourceExhaustedError(name + " has " + std::to_string(kMostCalls) +
                                        " calls under way already; end one of them, as a `watch`");
  }
  ++calls_->of[name];
  std::shared_ptr<void> place(nullptr, [calls = calls_, name](void* /*none*/) {
    const std::lock_guard ending(calls->mutex);
    if (--calls->of[name] == 0) calls->of.erase(name);
  });
  return Admitted{caller, std::move(place)};
}

}  // namespace poolshift
