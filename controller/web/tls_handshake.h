// What GnuTLS, by which libmicrohttpd speaks TLS, is told in a handshake.
#pragma once

#include "absl/status/status.h"

#include "controller/web/page_certificates.h"
#include <gnutls/abstract.h>

namespace poolshift {

// TLS 1.2 and newer; of 1.2 only what is not given away when the key is, some day, and ciphers that
// authenticate: what RFC 9325, sections 3.1.1, 4.1 and 4.2, wants.
inline constexpr char kTlsPriorities[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:"
    "+AES-128-GCM";

// InvalidArgument when GnuTLS does not read it.
absl::Status CheckForHandshake(const PageCertificate& certificate);

// Handshakes of this thread prove themselves with these, which are borrowed. libmicrohttpd hands
// nothing of its caller on to HandOver, and has a thread for each server.
void ServeWith(PageCertificates& certificates);

// As MHD_OPTION_HTTPS_CERT_CALLBACK2 wants it.
gnutls_certificate_retrieve_function3 HandOver;

}  // namespace poolshift
