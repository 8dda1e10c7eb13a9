#include "tests/daemon/made_certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace poolshift {
namespace {

std::string TextIn(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  std::string text(bytes, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

}  // namespace

MadeCertificate MakeCertificate(const std::vector<std::string>& common_names,
                                const std::string& alternative) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  for (const std::string& name : common_names) {
    X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate),
                               NID_commonName,
                               MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.data()),
                               static_cast<int>(name.size()),
                               -1,
                               0);
  }
  if (!alternative.empty()) {
    X509_EXTENSION* names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative.c_str());
    X509_add_ext(certificate, names, -1);
    X509_EXTENSION_free(names);
  }
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  MadeCertificate made;
  BIO* text = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(text, certificate);
  made.certificate = TextIn(text);
  text = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(text, key, nullptr, nullptr, 0, nullptr, nullptr);
  made.key = TextIn(text);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made;
}

}  // namespace poolshift
