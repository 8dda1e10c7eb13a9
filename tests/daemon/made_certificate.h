// Certificates and keys that a test makes, in PEM.
#pragma once

#include <string>
#include <vector>

namespace poolshift {

struct MadeCertificate {
  std::string certificate, key;
};

// Signed by itself, valid for an hour, with these common names.
MadeCertificate MakeCertificate(const std::vector<std::string>& common_names);

}  // namespace poolshift
