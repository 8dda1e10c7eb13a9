// How who gets a webhook knows that it is ours and is not an old one sent again.
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace poolshift::notify {

// The value of the header Poolshift-Signature: "t=1795230000,v1=<64 hexadecimal digits>", an
// HMAC-SHA256 under `key` of the seconds, a dot and the body.
std::string Signature(std::string_view key, std::string_view body, absl::Time at);

}  // namespace poolshift::notify
