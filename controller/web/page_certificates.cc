#include "controller/web/page_certificates.h"

#include <utility>

#include "controller/model/try.h"
#include "controller/web/tls_handshake.h"

namespace poolshift {
namespace {

absl::StatusOr<PageCertificate> Checked(const PageCertificates::Look& look,
                                        const PageCertificate* known) {
  POOLSHIFT_ASSIGN(PageCertificate found, look());
  if (known == nullptr || found != *known) POOLSHIFT_TRY(CheckForHandshake(found));
  return found;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PageCertificates>> PageCertificates::Make(Look look, Log log) {
  POOLSHIFT_ASSIGN(PageCertificate first, Checked(look, nullptr));
  return std::unique_ptr<PageCertificates>(
      new PageCertificates(std::move(look), std::move(log), std::move(first)));
}

const PageCertificate& PageCertificates::Renewed() {
  absl::StatusOr<PageCertificate> found = Checked(look_, &taken_);
  const std::string complaint = found.ok() ? "" : std::string(found.status().message());
  if (complaint != std::exchange(complaint_, complaint) && !complaint.empty())
    log_("pages over TLS go on with the former certificate: " + complaint);
  if (found.ok()) taken_ = *std::move(found);
  return taken_;
}

}  // namespace poolshift
