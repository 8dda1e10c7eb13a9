#include "controller/model/digest.h"

#include <array>
#include <memory>

#include <openssl/evp.h>

namespace poolshift {
namespace {

// Looked up once: OpenSSL takes longer to find its SHA-256 than to digest a record set with it.
const EVP_MD* Sha256() {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

// Made once for each thread.
EVP_MD_CTX* Context() {
  struct Release {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  thread_local const std::unique_ptr<EVP_MD_CTX, Release> context(EVP_MD_CTX_new());
  return context.get();
}

}  // namespace

std::string Digest(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  unsigned int size = 0;
  EVP_MD_CTX* const context = Context();
  EVP_DigestInit_ex2(context, Sha256(), nullptr);
  EVP_DigestUpdate(context, bytes.data(), bytes.size());
  EVP_DigestFinal_ex(context, raw.data(), &size);
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text(std::size_t{size} * 2, '0');
  for (std::size_t i = 0; i < size; ++i) {
    text[2 * i] = kHex[raw[i] >> 4U];
    text[2 * i + 1] = kHex[raw[i] & 0xFU];
  }
  return text;
}

std::string RevisionOf(const Value& value) { return Digest(CanonicalText(value)); }

}  // namespace poolshift
