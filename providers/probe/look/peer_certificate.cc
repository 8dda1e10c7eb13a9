// The certificate that a server has shown: names, validity, and whether its chain is trusted.
#include <ctime>

#include "fmt/format.h"
#include "providers/probe/look/tls.h"
#include "providers/probe/wire/question.h"
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace poolshift::probe {
namespace {

constexpr std::size_t kMostNames = 100;
constexpr std::size_t kLongestName = 255;

using Names = std::vector<std::string>;

void Add(const ASN1_STRING* text, Names& names) {
  if (text == nullptr || names.size() >= kMostNames) return;
  const auto size = static_cast<std::size_t>(ASN1_STRING_length(text));
  if (size == 0 || size > kLongestName) return;
  names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), size);
}

// SRVName (RFC 4985) and xmppAddr (RFC 6120) have no numbers of their own in OpenSSL.
void AddOtherName(const OTHERNAME& other, CertificateNames& names) {
  char oid[64];
  OBJ_obj2txt(oid, sizeof oid, other.type_id, 1);
  const std::string_view kind = oid;
  if (other.value == nullptr) return;
  const int type = other.value->type;
  if (type != V_ASN1_UTF8STRING && type != V_ASN1_IA5STRING) return;
  if (kind == "1.3.6.1.5.5.7.8.7") Add(other.value->value.asn1_string, names.services);
  if (kind == "1.3.6.1.5.5.7.8.5") Add(other.value->value.asn1_string, names.xmpp);
}

void ReadAlternatives(const X509& certificate, CertificateNames& names) {
  const std::unique_ptr<GENERAL_NAMES, Releases<GENERAL_NAMES_free>> alternatives(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; alternatives != nullptr && i < sk_GENERAL_NAME_num(alternatives.get()); ++i) {
    const GENERAL_NAME& name = *sk_GENERAL_NAME_value(alternatives.get(), i);
    if (name.type == GEN_DNS) Add(name.d.dNSName, names.dns);
    if (name.type == GEN_URI) Add(name.d.uniformResourceIdentifier, names.uris);
    if (name.type == GEN_OTHERNAME) AddOtherName(*name.d.otherName, names);
  }
}

std::string CommonName(const X509& certificate) {
  X509_NAME* subject = X509_get_subject_name(&certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  Names found;
  if (at >= 0) Add(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)), found);
  return found.empty() ? "" : found.front();
}

absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

std::string ChainFault(SSL_CTX& context, X509& certificate, STACK_OF(X509) * shown) {
  const std::unique_ptr<X509_STORE_CTX, Releases<X509_STORE_CTX_free>> check(X509_STORE_CTX_new());
  if (check == nullptr ||
      X509_STORE_CTX_init(check.get(), SSL_CTX_get_cert_store(&context), &certificate, shown) !=
          1 ||
      X509_STORE_CTX_set_purpose(check.get(), X509_PURPOSE_SSL_SERVER) != 1)
    return "its chain cannot be checked";
  if (X509_verify_cert(check.get()) == 1) return "";
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(check.get()));
}

}  // namespace

PeerCertificate PeerCertificateOf(const Stream& stream, SSL_CTX& context) {
  PeerCertificate seen;
  const std::unique_ptr<X509, Releases<X509_free>> certificate(
      SSL_get1_peer_certificate(stream.tls()));
  if (certificate == nullptr) return seen;
  seen.shown = true;
  seen.names.common = CommonName(*certificate);
  ReadAlternatives(*certificate, seen.names);
  seen.not_before = TimeOf(X509_get0_notBefore(certificate.get()));
  seen.not_after = TimeOf(X509_get0_notAfter(certificate.get()));
  seen.fault = ChainFault(context, *certificate, SSL_get_peer_cert_chain(stream.tls()));
  return seen;
}

}  // namespace poolshift::probe
