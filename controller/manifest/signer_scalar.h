// The small languages inside the scalars that say who may sign commits: public keys, days, patterns
// of paths. As in scalar.h each function returns the canonical value, or an InvalidArgument status
// that says what is wrong.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace poolshift::manifest {

// "ssh-ed25519 AAAA… comment", as in a `.pub` file, without the comment. No certificates, no
// options.
absl::StatusOr<std::string> ReadSshKey(std::string_view text);

// A block of one or more OpenPGP public keys, armoured; ends with a line end. A private key is
// refused, and never shown.
absl::StatusOr<std::string> ReadOpenPgpKey(std::string_view text);

// "2027-01-31".
absl::StatusOr<std::string> ReadDay(std::string_view text);

// A pattern of paths inside a repository, such as "sites/*/edge.yaml" or "sites/berlin/**".
absl::StatusOr<std::string> ReadPathPattern(std::string_view text);

}  // namespace poolshift::manifest
