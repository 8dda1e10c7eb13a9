// Where a URL leads, as far as it decides what may be sent there.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace poolshift {

struct WebAddress {
  std::string scheme, host;
  bool is_encrypted() const { return scheme == "https" || scheme == "smtps"; }
  // This machine itself.
  bool is_loopback() const;
};

// InvalidArgument when it is no URL, has another scheme than these two, or names a user.
absl::StatusOr<WebAddress> ParseWebAddress(std::string_view url,
                                           std::string_view plain,
                                           std::string_view encrypted);

}  // namespace poolshift
