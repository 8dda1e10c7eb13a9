// Certificate: what a PEM file on a host says, in the words of kind Certificate. Pure.
#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "controller/model/value.h"

namespace poolshift::linux_host {

// names (common name first, then the DNS names that differ from it), notAfter, thumbprint (SHA-1 in
// upper case, as Windows shows it) of the first certificate in the file: the server's own.
absl::StatusOr<Value> CertificateFrom(const std::string& pem);

}  // namespace poolshift::linux_host
