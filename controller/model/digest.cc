#include "controller/model/digest.h"

#include <array>

// OpenSSL would rather have its EVP interface used, which looks an algorithm up by name: it reads
// its configuration and registers all that it offers, longer than a small plan takes to make.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

namespace poolshift {

std::string Digest(std::string_view bytes) {
  constexpr std::size_t kSize = SHA256_DIGEST_LENGTH;
  std::array<unsigned char, kSize> raw{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(raw.data(), &context);
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text(kSize * 2, '0');
  for (std::size_t i = 0; i < kSize; ++i) {
    text[2 * i] = kHex[raw[i] >> 4U];
    text[2 * i + 1] = kHex[raw[i] & 0xFU];
  }
  return text;
}

std::string RevisionOf(const Value& value) { return Digest(CanonicalText(value)); }

}  // namespace poolshift
