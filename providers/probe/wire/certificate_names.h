// Whether a certificate covers a name: RFC 6125 in general, RFC 5922 for SIP, RFC 6120 section 13.7
// for XMPP.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace poolshift::probe {

// As they stand in the certificate.
struct CertificateNames {
  std::string common;                 // of the subject; counts only where there is no other name
  std::vector<std::string> dns;       // dNSName
  std::vector<std::string> uris;      // "sip:contoso.com"
  std::vector<std::string> services;  // SRVName, "_xmpp-server.contoso.com"
  std::vector<std::string> xmpp;      // xmppAddr, "contoso.com"

  // All of them, each once, sorted: the common name, DNS names, URIs, SRVNames, xmppAddrs.
  std::vector<std::string> All() const;
};

enum class Use {
  kSip,   // no wildcards (RFC 5922, section 7.2); a `sip:` URI counts
  kXmpp,  // wildcards; SRVName and xmppAddr count
  kTls,   // wildcards; DNS names only
};

bool Covers(const CertificateNames& names, std::string_view name, Use use);

}  // namespace poolshift::probe
