#include "controller/daemon/tls_files.h"

#include "controller/model/try.h"

namespace poolshift {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 20U;

absl::Status At(const std::string& path, const absl::Status& status) {
  if (status.ok()) return status;
  return {status.code(), path + ' ' + std::string(status.message())};
}

}  // namespace

absl::StatusOr<TlsTexts> ReadTlsTexts(Files& files, const TlsPlaces& places) {
  TlsTexts texts;
  POOLSHIFT_ASSIGN(texts.certificate, files.Read(places.certificate, kLargest));
  POOLSHIFT_ASSIGN(texts.key, files.ReadPrivate(places.key, kLargest));
  if (places.authorities.empty()) return texts;
  POOLSHIFT_ASSIGN(texts.authorities, files.Read(places.authorities, kLargest));
  return texts;
}

absl::StatusOr<CertificateFacts> CheckTlsTexts(const TlsPlaces& places, const TlsTexts& texts) {
  absl::StatusOr<CertificateFacts> facts = ReadCertificate(texts.certificate);
  if (!facts.ok()) return At(places.certificate, facts.status());
  if (const absl::Status key = CheckKey(texts.certificate, texts.key); !key.ok())
    return At(places.key, key);
  if (places.authorities.empty()) return facts;
  if (const absl::Status trust = CheckAuthorities(texts.authorities); !trust.ok())
    return At(places.authorities, trust);
  return facts;
}

}  // namespace poolshift
