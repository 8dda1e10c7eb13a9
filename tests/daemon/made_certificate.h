// Certificates and keys that a test makes, in PEM.
#pragma once

#include <string>
#include <vector>

namespace poolshift {

struct MadeCertificate {
  std::string certificate, key;
};

// Signed by itself, valid for an hour, with these common names; `alternative` as in a file for
// OpenSSL: "DNS:poolshift.contoso.com,IP:192.0.2.10".
MadeCertificate MakeCertificate(const std::vector<std::string>& common_names,
                                const std::string& alternative = "");

}  // namespace poolshift
