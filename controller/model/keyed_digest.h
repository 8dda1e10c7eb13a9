// Messages that only somebody with the same key can have made.
#pragma once

#include <string>
#include <string_view>

namespace poolshift {

// HMAC-SHA256 (RFC 2104), in 64 lower-case hexadecimal digits.
std::string KeyedDigest(std::string_view key, std::string_view message);

// Whether they are the same, in a time that does not tell where they differ.
bool SameSecret(std::string_view one, std::string_view other);

}  // namespace poolshift
