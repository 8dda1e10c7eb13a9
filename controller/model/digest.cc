#include "controller/model/digest.h"

#include <array>

#include <openssl/evp.h>

namespace poolshift {

std::string Digest(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), raw.data(), &size, EVP_sha256(), nullptr);
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  text.reserve(std::size_t{size} * 2);
  for (unsigned int i = 0; i < size; ++i) {
    text += kHex[raw[i] >> 4U];
    text += kHex[raw[i] & 0xFU];
  }
  return text;
}

std::string RevisionOf(const Value& value) { return Digest(CanonicalText(value)); }

}  // namespace poolshift
