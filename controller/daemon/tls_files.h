// The files by which the ends of the control API, and the pages, prove who they are.
#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "controller/daemon/certificate.h"
#include "controller/world/files.h"

namespace poolshift {

// Paths of PEM files.
struct TlsPlaces {
  std::string certificate;  // one's own, and what is between it and its CA
  std::string key;          // its key: nobody else may read it
  // The CAs that the other side's certificate must come from; empty: it is asked for none.
  std::string authorities;
};

// What is in them.
struct TlsTexts {
  std::string certificate, key, authorities;
  bool operator==(const TlsTexts&) const = default;
};

// As Files does, the key as Files::ReadPrivate.
absl::StatusOr<TlsTexts> ReadTlsTexts(Files& files, const TlsPlaces& places);

// The facts of one's own certificate. InvalidArgument, with the path and what to do, when the three
// are not what they should be, or do not belong together. Time is not looked at.
absl::StatusOr<CertificateFacts> CheckTlsTexts(const TlsPlaces& places, const TlsTexts& texts);

}  // namespace poolshift
