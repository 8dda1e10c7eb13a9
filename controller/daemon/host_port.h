// A place on the network as people write it. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace poolshift {

struct HostPort {
  std::string host;  // a name or an address, without brackets
  std::uint16_t port = 0;
  std::string text() const;  // as it is written
};

// "poolshift.contoso.com:7443", "192.0.2.1:7443", "[2001:db8::1]:7443". InvalidArgument, which
// names the text, when it is something else.
absl::StatusOr<HostPort> ParseHostPort(const std::string& text);

}  // namespace poolshift
