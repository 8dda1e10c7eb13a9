#include "providers/linux/certificate.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/time/time.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace poolshift::linux_host {
namespace {

struct Freer {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
  void operator()(unsigned char* text) const { OPENSSL_free(text); }
};

std::string TextOf(const ASN1_STRING* text) {
  unsigned char* raw = nullptr;
  const int size = ASN1_STRING_to_UTF8(&raw, text);
  const std::unique_ptr<unsigned char, Freer> owner(raw);
  return size < 0 ? "" : std::string(reinterpret_cast<char*>(raw), static_cast<std::size_t>(size));
}

void Add(std::string name, Value::List& names) {
  const Value value(std::move(name));
  if (!value.string().empty() && std::find(names.begin(), names.end(), value) == names.end())
    names.push_back(value);
}

Value::List NamesOf(X509* certificate) {
  Value::List names;
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at >= 0) Add(TextOf(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))), names);
  const std::unique_ptr<GENERAL_NAMES, Freer> others(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; others != nullptr && i < sk_GENERAL_NAME_num(others.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(others.get(), i);
    if (name->type == GEN_DNS) Add(TextOf(name->d.dNSName), names);
  }
  return names;
}

}  // namespace

absl::StatusOr<Value> CertificateFrom(const std::string& pem) {
  const std::unique_ptr<BIO, Freer> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const std::unique_ptr<X509, Freer> certificate(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr) return absl::InvalidArgumentError("holds no certificate in PEM");
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1)
    return absl::InvalidArgumentError("holds a certificate whose end cannot be read");
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  X509_digest(certificate.get(), EVP_sha1(), digest.data(), &size);
  const std::string thumbprint = absl::AsciiStrToUpper(
      absl::BytesToHexString({reinterpret_cast<const char*>(digest.data()), size}));
  return Value(Value::Map{
      {"names", NamesOf(certificate.get())},
      {"notAfter",
       absl::FormatTime(
           absl::RFC3339_sec, absl::FromTM(end, absl::UTCTimeZone()), absl::UTCTimeZone())},
      {"thumbprint", thumbprint}});
}

}  // namespace poolshift::linux_host
