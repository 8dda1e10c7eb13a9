#include "controller/web/tls_handshake.h"

#include <utility>

namespace poolshift {
namespace {

constexpr unsigned kLongestChain = 16;

thread_local PageCertificates* serving = nullptr;

gnutls_datum_t Over(const std::string& text) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())),  // NOLINT: reads only
          static_cast<unsigned>(text.size())};
}

// In memory of GnuTLS, which takes both over; otherwise they are freed here.
class Imported {
 public:
  Imported() = default;
  Imported(const Imported&) = delete;
  Imported& operator=(const Imported&) = delete;
  ~Imported() {
    for (unsigned at = 0; at < length_; ++at)
      gnutls_pcert_deinit(&chain_[at]);
    gnutls_free(chain_);
    if (key_ != nullptr) gnutls_privkey_deinit(key_);
  }

  // A code of GnuTLS; 0: it is there.
  int Import(const PageCertificate& certificate) {
    chain_ =
        static_cast<gnutls_pcert_st*>(gnutls_calloc(kLongestChain + 1, sizeof(gnutls_pcert_st)));
    if (chain_ == nullptr) return GNUTLS_E_MEMORY_ERROR;
    const gnutls_datum_t chain = Over(certificate.chain), key = Over(certificate.key);
    unsigned length = kLongestChain + 1;  // what is more than that is left out without a word
    int code = gnutls_pcert_list_import_x509_raw(chain_, &length, &chain, GNUTLS_X509_FMT_PEM, 0);
    if (code < 0) return code;
    length_ = length;
    if (length > kLongestChain) return GNUTLS_E_SHORT_MEMORY_BUFFER;
    code = gnutls_privkey_init(&key_);
    if (code < 0) return code;
    return gnutls_privkey_import_x509_raw(key_, &key, GNUTLS_X509_FMT_PEM, nullptr, 0);
  }

  void Release(gnutls_pcert_st** chain, unsigned* length, gnutls_privkey_t* key) {
    *chain = std::exchange(chain_, nullptr);
    *length = std::exchange(length_, 0);
    *key = std::exchange(key_, nullptr);
  }

 private:
  gnutls_pcert_st* chain_ = nullptr;
  unsigned length_ = 0;
  gnutls_privkey_t key_ = nullptr;
};

}  // namespace

absl::Status CheckForHandshake(const PageCertificate& certificate) {
  const int code = Imported().Import(certificate);
  if (code >= 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      std::string("GnuTLS does not take the certificate or its key: ") + gnutls_strerror(code) +
      "; write one's own certificate first, then those between it and its CA, at most 16");
}

void ServeWith(PageCertificates& certificates) { serving = &certificates; }

int HandOver(gnutls_session_t /*session*/,
             const gnutls_cert_retr_st* /*info*/,
             gnutls_pcert_st** chain,
             unsigned* length,
             gnutls_ocsp_data_st** ocsp,
             unsigned* ocsp_length,
             gnutls_privkey_t* key,
             unsigned* flags) {
  Imported imported;
  if (serving == nullptr || imported.Import(serving->Renewed()) < 0) return -1;
  imported.Release(chain, length, key);
  *ocsp = nullptr;
  *ocsp_length = 0;
  *flags = GNUTLS_CERT_RETR_DEINIT_ALL;
  return 0;
}

}  // namespace poolshift
