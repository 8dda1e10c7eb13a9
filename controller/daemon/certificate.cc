#include "controller/daemon/certificate.h"

#include <array>
#include <ctime>
#include <memory>

#include "controller/daemon/openssl_owners.h"
#include "controller/daemon/roles.h"
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace poolshift {
namespace {

OwnedCertificate FirstOf(BIO* text) {
  return OwnedCertificate(PEM_read_bio_X509(text, nullptr, nullptr, nullptr));
}

// Nobody is asked for a pass phrase.
int NoPhrase(char* /*room*/, int /*size*/, int /*writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

std::string TextOf(X509_NAME_ENTRY* entry) {
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
  if (size < 0) return "";
  std::string result(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return result;
}

std::string TextOf(const X509_NAME* name) {
  const OwnedBio text(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(text.get(), name, 0, XN_FLAG_ONELINE);  // controls are escaped
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(text.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string_view BytesOf(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

// "" for anything that is neither a name nor an address.
std::string TextOf(const GENERAL_NAME& name) {
  if (name.type == GEN_DNS) return std::string(BytesOf(name.d.dNSName));
  if (name.type != GEN_IPADD) return "";
  const std::string_view bytes = BytesOf(name.d.iPAddress);
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = bytes.size() == sizeof(in6_addr) ? AF_INET6 : AF_INET;
  const bool whole = family == AF_INET6 || bytes.size() == sizeof(in_addr);
  return whole && ::inet_ntop(family, bytes.data(), text.data(), text.size()) != nullptr
             ? text.data()
             : "";
}

std::vector<std::string> NamesOf(const X509* certificate) {
  using Names = std::unique_ptr<GENERAL_NAMES, ReleasedBy<GENERAL_NAMES_free>>;
  const Names all(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> names;
  for (int at = 0; all != nullptr && at < sk_GENERAL_NAME_num(all.get()); ++at) {
    std::string text = TextOf(*sk_GENERAL_NAME_value(all.get(), at));
    if (!text.empty()) names.push_back(std::move(text));
  }
  return names;
}

}  // namespace

absl::StatusOr<CertificateFacts> ReadCertificate(std::string_view pem) {
  const OwnedCertificate certificate = FirstOf(Over(pem).get());
  ERR_clear_error();
  if (certificate == nullptr)
    return absl::InvalidArgumentError("has no certificate (PEM: \"BEGIN CERTIFICATE\") in it");
  CertificateFacts facts;
  const X509_NAME* subject = X509_get_subject_name(certificate.get());
  for (int at = -1;
       (at = X509_NAME_get_index_by_NID(const_cast<X509_NAME*>(subject), NID_commonName, at)) >=
       0;)  // NOLINT: reads only
    facts.common_names.push_back(TextOf(X509_NAME_get_entry(subject, at)));
  facts.names = NamesOf(certificate.get());
  facts.issuer = TextOf(X509_get_issuer_name(certificate.get()));
  facts.begins = TimeOf(X509_get0_notBefore(certificate.get()));
  facts.ends = TimeOf(X509_get0_notAfter(certificate.get()));
  return facts;
}

absl::StatusOr<std::string> HolderName(const CertificateFacts& facts) {
  if (facts.common_names.size() == 1 && IsCertificateName(facts.common_names.front()))
    return facts.common_names.front();
  return absl::PermissionDeniedError(
      "the certificate names nobody: its subject needs one common name (CN) of at most 64 letters, "
      "digits and `._@+-`, as in `-subj /CN=alice`");
}

absl::Status CheckKey(std::string_view certificate_pem, std::string_view key_pem) {
  const OwnedCertificate certificate = FirstOf(Over(certificate_pem).get());
  bool asked = false;
  const OwnedKey key(PEM_read_bio_PrivateKey(Over(key_pem).get(), nullptr, NoPhrase, &asked));
  const bool belongs = certificate != nullptr && key != nullptr &&
                       X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (asked) {
    return absl::InvalidArgumentError(
        "is encrypted, and nobody is there to ask for its pass phrase; decrypt it with `openssl "
        "pkey`, and keep it private");
  }
  if (key == nullptr)
    return absl::InvalidArgumentError("has no key (PEM: \"BEGIN PRIVATE KEY\") in it");
  if (!belongs) return absl::InvalidArgumentError("is the key of another certificate");
  return absl::OkStatus();
}

absl::Status CheckAuthorities(std::string_view pem) {
  const OwnedBio text = Over(pem);
  int count = 0;
  while (FirstOf(text.get()) != nullptr)
    ++count;
  // After the last one there is no further beginning; anything else is a broken one.
  const bool whole = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (count > 0 && whole) return absl::OkStatus();
  return absl::InvalidArgumentError(
      count == 0 ? "has no certificate of a CA (PEM: \"BEGIN CERTIFICATE\") in it"
                 : "has a broken certificate after its first " + std::to_string(count));
}

}  // namespace poolshift
