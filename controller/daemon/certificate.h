// What the daemon wants to know of an X.509 certificate in PEM. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace poolshift {

struct CertificateFacts {
  std::vector<std::string> common_names;  // of the subject (RFC 5280, section 4.1.2.6)
  // Whom it stands for, of the subjectAltName (section 4.2.1.6): "poolshift.contoso.com",
  // "*.contoso.com", "192.0.2.10", "2001:db8::1".
  std::vector<std::string> names;
  std::string issuer;       // for people: "O = Contoso, CN = Control CA"
  absl::Time begins, ends;  // valid in between
  bool IsValidAt(absl::Time time) const { return begins <= time && time < ends; }
};

// Of the first certificate of `pem`. InvalidArgument when there is none.
absl::StatusOr<CertificateFacts> ReadCertificate(std::string_view pem);

// The name that its holder goes by: the one common name, when it is a name of a certificate
// (roles.h). PermissionDenied otherwise.
absl::StatusOr<std::string> HolderName(const CertificateFacts& facts);

// Whether the key belongs to the first certificate. InvalidArgument, without a path, says what is
// wrong with the key: none there, encrypted, another one's.
absl::Status CheckKey(std::string_view certificate_pem, std::string_view key_pem);

// InvalidArgument when there is no certificate in it, or something that is none.
absl::Status CheckAuthorities(std::string_view pem);

}  // namespace poolshift
