#include "providers/probe/look/tls.h"

#include <cerrno>
#include <cstring>

#include "fmt/format.h"
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

namespace poolshift::probe {
namespace {

bool IsAddress(const std::string& text) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

absl::Status UseKey(SSL_CTX& context, const TlsFiles& files) {
  if (files.key_text.empty()) {
    if (SSL_CTX_use_PrivateKey_file(&context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
      return TlsError("cannot use the key " + files.key);
  } else {
    const std::unique_ptr<BIO, Releases<BIO_free>> text(
        BIO_new_mem_buf(files.key_text.data(), static_cast<int>(files.key_text.size())));
    const std::unique_ptr<EVP_PKEY, Releases<EVP_PKEY_free>> key(
        PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr));
    if (key == nullptr || SSL_CTX_use_PrivateKey(&context, key.get()) != 1)
      return TlsError("cannot use the key");
  }
  if (SSL_CTX_check_private_key(&context) != 1)
    return TlsError("the key does not belong to the certificate " + files.certificate);
  return absl::OkStatus();
}

}  // namespace

absl::Status TlsError(std::string_view what) {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return absl::UnavailableError(what.empty() ? "" : std::string(what));
  const char* reason = ERR_reason_error_string(code);
  const std::string said = ERR_SYSTEM_ERROR(code) ? std::strerror(ERR_GET_REASON(code))
                           : reason != nullptr    ? reason
                                                  : "unknown error";
  return absl::UnavailableError(fmt::format("{}: {}", what, said));
}

absl::StatusOr<TlsContext> MakeTlsContext(const TlsFiles& files, bool server, bool verify) {
  ERR_clear_error();
  TlsContext context(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()));
  if (context == nullptr) return TlsError("no TLS");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  if (!files.certificate.empty()) {
    if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1)
      return TlsError("cannot use the certificate " + files.certificate);
    const absl::Status key = UseKey(*context, files);
    if (!key.ok()) return key;
  }
  const int trusted = files.trust.empty() ? SSL_CTX_set_default_verify_paths(context.get())
                                          : SSL_CTX_load_verify_locations(
                                                context.get(), files.trust.c_str(), nullptr);
  if (trusted != 1) return TlsError("cannot read the trusted certificates " + files.trust);
  const int mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  SSL_CTX_set_verify(context.get(), verify ? mode : SSL_VERIFY_NONE, nullptr);
  return context;
}

absl::Status Stream::Await(int result, std::string_view what, absl::Time deadline) {
  const int wanted = SSL_get_error(tls_.get(), result);
  const int saved = errno;
  if (wanted == SSL_ERROR_WANT_READ || wanted == SSL_ERROR_WANT_WRITE) {
    if (WaitFor(socket_.get(), wanted == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline))
      return absl::OkStatus();
    return absl::DeadlineExceededError(fmt::format("{}: no answer", what));
  }
  if (wanted == SSL_ERROR_ZERO_RETURN)
    return absl::UnavailableError(fmt::format("{}: the other side closed it", what));
  if (wanted == SSL_ERROR_SYSCALL) {
    ERR_clear_error();
    return absl::UnavailableError(fmt::format(
        "{}: {}", what, saved == 0 ? "the other side closed it" : std::strerror(saved)));
  }
  const long verdict = SSL_get_verify_result(tls_.get());
  if (verdict != X509_V_OK && SSL_get_verify_mode(tls_.get()) != SSL_VERIFY_NONE) {
    ERR_clear_error();
    return absl::UnavailableError(
        fmt::format("{}: its certificate: {}", what, X509_verify_cert_error_string(verdict)));
  }
  return TlsError(what);
}

absl::Status Stream::Write(std::string_view bytes, absl::Time deadline) {
  while (!bytes.empty()) {
    ERR_clear_error();
    errno = 0;
    const auto written =
        tls_ ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
             : static_cast<int>(send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (tls_) {
      const absl::Status waited = Await(written, "writing", deadline);
      if (!waited.ok()) return waited;
    } else if (errno != EAGAIN && errno != EINTR) {
      return absl::UnavailableError(fmt::format("writing: {}", std::strerror(errno)));
    } else if (!WaitFor(socket_.get(), POLLOUT, deadline)) {
      return absl::DeadlineExceededError("writing: the other side takes nothing");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Stream::Read(absl::Time deadline) {
  char buffer[8192];
  for (;;) {
    ERR_clear_error();
    errno = 0;
    const auto size = tls_ ? SSL_read(tls_.get(), buffer, sizeof buffer)
                           : static_cast<int>(recv(socket_.get(), buffer, sizeof buffer, 0));
    if (size > 0) return std::string(buffer, static_cast<std::size_t>(size));
    if (tls_) {
      if (SSL_get_error(tls_.get(), size) == SSL_ERROR_ZERO_RETURN) return std::string();
      const absl::Status waited = Await(size, "reading", deadline);
      if (!waited.ok()) return waited;
      continue;
    }
    if (size == 0) return std::string();
    if (errno != EAGAIN && errno != EINTR)
      return absl::UnavailableError(fmt::format("reading: {}", std::strerror(errno)));
    if (!WaitFor(socket_.get(), POLLIN, deadline))
      return absl::DeadlineExceededError("reading: no answer");
  }
}

absl::Status Stream::Handshake(absl::Time deadline) {
  for (;;) {
    ERR_clear_error();
    errno = 0;
    const int result = SSL_do_handshake(tls_.get());
    if (result == 1) return absl::OkStatus();
    const absl::Status waited = Await(result, "TLS", deadline);
    if (!waited.ok()) return waited;
  }
}

absl::Status Stream::BeginClient(SSL_CTX& context, const std::string& server, absl::Time deadline) {
  tls_.reset(SSL_new(&context));
  if (tls_ == nullptr || SSL_set_fd(tls_.get(), socket_.get()) != 1) return TlsError("TLS");
  SSL_set_connect_state(tls_.get());
  if (!server.empty() && !IsAddress(server)) {
    if (SSL_set_tlsext_host_name(tls_.get(), server.c_str()) != 1) return TlsError("TLS");
  }
  if (SSL_CTX_get_verify_mode(&context) != SSL_VERIFY_NONE) {
    SSL_set_hostflags(tls_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (SSL_set1_host(tls_.get(), server.c_str()) != 1) return TlsError("TLS");
  }
  return Handshake(deadline);
}

absl::Status Stream::BeginServer(SSL_CTX& context, absl::Time deadline) {
  tls_.reset(SSL_new(&context));
  if (tls_ == nullptr || SSL_set_fd(tls_.get(), socket_.get()) != 1) return TlsError("TLS");
  SSL_set_accept_state(tls_.get());
  return Handshake(deadline);
}

std::string Unique() {
  unsigned char bytes[8];
  if (RAND_bytes(bytes, sizeof bytes) != 1) std::memset(bytes, 0, sizeof bytes);
  std::string text;
  for (const unsigned char byte : bytes)
    text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace poolshift::probe
