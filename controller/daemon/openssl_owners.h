// Owners of what OpenSSL makes.
#pragma once

#include <memory>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace poolshift {

template <auto kRelease>
struct ReleasedBy {
  template <typename T>
  void operator()(T* made) const {
    kRelease(made);
  }
};

using OwnedBio = std::unique_ptr<BIO, ReleasedBy<BIO_free>>;
using OwnedCertificate = std::unique_ptr<X509, ReleasedBy<X509_free>>;
using OwnedKey = std::unique_ptr<EVP_PKEY, ReleasedBy<EVP_PKEY_free>>;
using OwnedContext = std::unique_ptr<SSL_CTX, ReleasedBy<SSL_CTX_free>>;
using OwnedTls = std::unique_ptr<SSL, ReleasedBy<SSL_free>>;

// Reads `text`, which outlives it.
inline OwnedBio Over(std::string_view text) {
  return OwnedBio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

}  // namespace poolshift
