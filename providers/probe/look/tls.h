// TLS by OpenSSL: what a probe shows and sees, and the trusted link between a provider and its
// agents.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "providers/probe/look/connecting.h"
#include "providers/probe/wire/certificate_names.h"
#include <openssl/ssl.h>

namespace poolshift::probe {

template <auto release>
struct Releases {
  template <typename T>
  void operator()(T* pointer) const {
    release(pointer);
  }
};
using TlsContext = std::unique_ptr<SSL_CTX, Releases<SSL_CTX_free>>;
using TlsSession = std::unique_ptr<SSL, Releases<SSL_free>>;

// Which certificate we show, and whom we trust. PEM files; the texts name them in errors only.
struct TlsFiles {
  std::string certificate;  // chain, "" = we show none
  std::string key;          // file; or the PEM text itself when `key_text` is not empty
  std::string_view key_text;
  std::string trust;  // CA file; "" = the system's
};

// `server`: for the side that accepts. Nothing is verified in the handshake unless `verify`.
absl::StatusOr<TlsContext> MakeTlsContext(const TlsFiles& files, bool server, bool verify);

// What OpenSSL last said, and what was meant to be done.
absl::Status TlsError(std::string_view what);

// A connected socket, without and later with TLS. All of it ends by the deadline that is given.
// Not thread-safe.
class Stream {
 public:
  explicit Stream(Socket socket) : socket_(std::move(socket)) {}

  absl::Status Write(std::string_view bytes, absl::Time deadline);
  // At least one byte; "" = the other side has ended it. DeadlineExceeded when nothing comes.
  absl::StatusOr<std::string> Read(absl::Time deadline);

  // Begins TLS. As client with the name of the server: shown to it (unless it is an address), and,
  // when `context` verifies, demanded of its certificate.
  absl::Status BeginClient(SSL_CTX& context, const std::string& server, absl::Time deadline);
  absl::Status BeginServer(SSL_CTX& context, absl::Time deadline);

  SSL* tls() const { return tls_.get(); }
  int descriptor() const { return socket_.get(); }

 private:
  absl::Status Handshake(absl::Time deadline);
  // Waits for what the last call, which returned `result`, asks for. OK: call again.
  absl::Status Await(int result, std::string_view what, absl::Time deadline);

  Socket socket_;
  TlsSession tls_;
};

// The certificate that the other side has shown.
struct PeerCertificate {
  bool shown = false;
  CertificateNames names;
  absl::Time not_before, not_after;
  std::string fault;  // why its chain is not trusted (expiry included), "" = it is
};
// Checks the chain against what `context` trusts, for a server.
PeerCertificate PeerCertificateOf(const Stream& stream, SSL_CTX& context);

// Sixteen letters and digits that nobody can guess.
std::string Unique();

}  // namespace poolshift::probe
