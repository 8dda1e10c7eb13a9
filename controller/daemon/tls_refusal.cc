#include "controller/daemon/tls_refusal.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "controller/daemon/openssl_owners.h"
#include "controller/model/try.h"
#include "controller/policy/limits.h"
#include "controller/world/descriptor.h"
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

namespace poolshift {
namespace {

constexpr std::string_view kHttp2("\x02h2", 3);  // RFC 7301, section 3.1; RFC 7540, section 3.3

absl::Status Nobody(const HostPort& place, const std::string& why) {
  return absl::UnavailableError(place.text() + ": " + why +
                                "; is `poolshift serve --control-listen` running there, and does "
                                "every firewall on the way let you through?");
}

bool Awaits(int socket, short events, absl::Duration patience) {
  pollfd wait{socket, events, 0};
  return ::poll(&wait, 1, static_cast<int>(absl::ToInt64Milliseconds(patience))) > 0;
}

// Connected to one address, or why not.
absl::StatusOr<Descriptor> ConnectTo(const addrinfo& address, absl::Duration patience) {
  Descriptor socket(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  int error = 0;
  socklen_t size = sizeof(error);
  if (::connect(socket.number(), address.ai_addr, address.ai_addrlen) != 0) error = errno;
  if (error == EINPROGRESS) {
    if (!Awaits(socket.number(), POLLOUT, patience)) return absl::UnavailableError("no answer");
    ::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &size);
  }
  if (error != 0) return absl::UnavailableError(std::strerror(error));
  return socket;
}

absl::StatusOr<Descriptor> Reach(const HostPort& place, absl::Duration patience) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error =
      ::getaddrinfo(place.host.c_str(), std::to_string(place.port).c_str(), &hints, &list);
  if (error != 0) {
    return absl::UnavailableError(place.host + ": " + ::gai_strerror(error) +
                                  "; check the name after --server");
  }
  const std::unique_ptr<addrinfo, ReleasedBy<::freeaddrinfo>> owner(list);
  absl::StatusOr<Descriptor> reached = absl::UnavailableError("it has no address");
  for (const addrinfo* each = list; each != nullptr && !reached.ok(); each = each->ai_next)
    reached = ConnectTo(*each, patience);
  if (!reached.ok()) return Nobody(place, std::string(reached.status().message()));
  return reached;
}

OwnedContext ContextOf(const TlsTexts& texts) {
  OwnedContext context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  const OwnedBio trusted = Over(texts.authorities), own = Over(texts.certificate);
  X509_STORE* store = SSL_CTX_get_cert_store(context.get());
  while (const auto each =
             OwnedCertificate(PEM_read_bio_X509(trusted.get(), nullptr, nullptr, nullptr)))
    X509_STORE_add_cert(store, each.get());
  if (const auto leaf = OwnedCertificate(PEM_read_bio_X509(own.get(), nullptr, nullptr, nullptr)))
    SSL_CTX_use_certificate(context.get(), leaf.get());
  while (const auto each =
             OwnedCertificate(PEM_read_bio_X509(own.get(), nullptr, nullptr, nullptr)))
    SSL_CTX_add1_chain_cert(context.get(), each.get());
  const OwnedKey key(PEM_read_bio_PrivateKey(Over(texts.key).get(), nullptr, nullptr, nullptr));
  SSL_CTX_use_PrivateKey(context.get(), key.get());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

// A handshake over a socket that does not block. TLS goes through memory, because what OpenSSL
// writes to a socket that the other side has closed would end the program (SIGPIPE).
class Handshake {
 public:
  Handshake(const HostPort& place,
            const TlsTexts& texts,
            Descriptor socket,
            absl::Duration patience)
      : socket_(std::move(socket)), patience_(patience), context_(ContextOf(texts)), tls_(Tls()) {
    SSL_set_bio(tls_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(tls_.get());
    SSL_set_alpn_protos(tls_.get(),
                        reinterpret_cast<const unsigned char*>(kHttp2.data()),
                        static_cast<unsigned>(kHttp2.size()));
    X509_VERIFY_PARAM* wanted = SSL_get0_param(tls_.get());
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, place.host.c_str()) != 1) {
      X509_VERIFY_PARAM_set1_host(wanted, place.host.c_str(), place.host.size());
      SSL_set_tlsext_host_name(tls_.get(), place.host.c_str());
    }
    ERR_clear_error();
  }

  // Whether both sides have said all that belongs to it.
  bool Finish() {
    return Repeat([this] { return SSL_do_handshake(tls_.get()); });
  }
  // Whether the other side says something after it, which it does when it took our certificate: its
  // answer comes after its half of the handshake.
  bool Answered() {
    char first = 0;
    return Repeat([&] { return SSL_read(tls_.get(), &first, 1); });
  }
  bool heard_anything() const { return heard_; }
  // What OpenSSL made of the other side's certificate.
  long verdict() const { return SSL_get_verify_result(tls_.get()); }
  // Of the other side's certificate; nothing when it showed none.
  const CertificateFacts& facts() const { return facts_; }

 private:
  SSL* Tls() {
    SSL_CTX_set_cert_verify_callback(context_.get(), &Verify, this);
    return SSL_new(context_.get());
  }
  // As OpenSSL does, which forgets what it did not believe.
  static int Verify(X509_STORE_CTX* shown, void* self) {
    const OwnedBio text(BIO_new(BIO_s_mem()));
    char* bytes = nullptr;
    if (PEM_write_bio_X509(text.get(), X509_STORE_CTX_get0_cert(shown)) == 1) {
      const long size = BIO_get_mem_data(text.get(), &bytes);
      static_cast<Handshake*>(self)->facts_ =
          ReadCertificate({bytes, static_cast<std::size_t>(size)}).value_or(CertificateFacts());
    }
    return X509_verify_cert(shown);
  }
  template <typename Step>
  bool Repeat(const Step& step) {
    while (true) {
      ERR_clear_error();
      const int result = step();
      const int wanted = SSL_get_error(tls_.get(), result);
      Send();
      if (result > 0) return true;
      if (wanted != SSL_ERROR_WANT_READ || !Receive()) return false;
    }
  }
  void Send() {
    char* bytes = nullptr;
    BIO* out = SSL_get_wbio(tls_.get());
    const long size = BIO_get_mem_data(out, &bytes);
    if (size > 0)
      (void)::send(socket_.number(), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    (void)BIO_reset(out);
  }
  bool Receive() {
    std::array<char, 16384> room{};
    if (!Awaits(socket_.number(), POLLIN, patience_)) return false;
    const auto size = ::recv(socket_.number(), room.data(), room.size(), 0);
    if (size <= 0) return false;
    heard_ = true;
    return BIO_write(SSL_get_rbio(tls_.get()), room.data(), static_cast<int>(size)) == size;
  }

  const Descriptor socket_;
  const absl::Duration patience_;
  const OwnedContext context_;
  const OwnedTls tls_;
  bool heard_ = false;
  CertificateFacts facts_;
};

// Of the daemon's certificate.
absl::Status NotBelieved(const HostPort& place,
                         const TlsPlaces& own,
                         long verdict,
                         const CertificateFacts& facts) {
  std::string text = place.text() + ": the daemon's certificate ";
  switch (verdict) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      text += "is not for " + place.host +
              "; ask for a name or address that stands in its subjectAltName, or have this one put "
              "there";
      break;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      text += "ended " + MinuteText(facts.ends) + "; have it renewed there (--control-cert)";
      break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      text += "begins " + MinuteText(facts.begins) + "; compare the clocks of both machines";
      break;
    default:
      text += std::string("is not believed: ") + X509_verify_cert_error_string(verdict) +
              "; it is from `" + facts.issuer + "`, and --ca " + own.authorities +
              " must hold the CA that it comes from";
  }
  return absl::UnauthenticatedError(text);
}

}  // namespace

absl::Status WhyRefused(const HostPort& place,
                        const TlsPlaces& own,
                        const TlsTexts& texts,
                        absl::Duration patience) {
  POOLSHIFT_ASSIGN(Descriptor socket, Reach(place, patience));
  Handshake handshake(place, texts, std::move(socket), patience);
  const bool finished = handshake.Finish();
  if (handshake.verdict() != X509_V_OK)
    return NotBelieved(place, own, handshake.verdict(), handshake.facts());
  if (!finished && !handshake.heard_anything())
    return Nobody(place, "whoever answers there says nothing in TLS, or has too many callers");
  if (!finished && handshake.facts().issuer.empty())
    return Nobody(place, "whoever answers there does not speak TLS");
  if (finished && handshake.Answered())
    return absl::UnavailableError(place.text() + ": the daemon did not answer; ask again");
  const absl::StatusOr<CertificateFacts> shown = ReadCertificate(texts.certificate);
  return absl::UnauthenticatedError(
      place.text() + ": the daemon refuses your certificate " + own.certificate +
      (shown.ok() ? " from `" + shown->issuer + "`" : "") +
      "; it must come from a CA of its --control-clients, be for clients "
      "(extendedKeyUsage=clientAuth), and be valid by its clock");
}

}  // namespace poolshift
