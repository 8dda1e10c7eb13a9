#include "controller/serve/page_servers.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/daemon/listening.h"
#include "controller/daemon/tls_files.h"
#include "controller/model/try.h"
#include "controller/serve/tls_options.h"
#include "controller/web/page_site.h"

namespace poolshift {
namespace {

constexpr std::string_view kListen = "--listen-tls", kCertificate = "--listen-cert",
                           kKey = "--listen-key", kName = "--listen-name",
                           kReaders = "--listen-readers";
constexpr std::array kAll = {kListen, kCertificate, kKey};

// What can stand in a URL as it is: no `*.contoso.com`.
bool IsPlain(const std::string& name) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-";
  return !name.empty() && name.find_first_not_of(kLetters) == std::string::npos;
}

// As a URL and the header Host have it.
std::string HostOf(const std::string& name) {
  return name.find(':') == std::string::npos ? name : '[' + name + ']';
}

absl::StatusOr<std::vector<std::string>> NamesGiven(const Arguments& arguments) {
  std::vector<std::string> names = arguments.Values(std::string(kName));
  const auto wrong = std::ranges::find_if_not(names, IsPlain);
  if (wrong == names.end()) return names;
  return absl::InvalidArgumentError(
      "--listen-name " + *wrong +
      ": write a name or an address, as browsers will ask for it, as in `poolshift.contoso.com`");
}

absl::StatusOr<bool> AnybodyReads(const Arguments& arguments) {
  const std::string who = arguments.Has(kReaders) ? arguments.Value(kReaders) : "logged-in";
  if (who == "anybody" || who == "logged-in") return who == "anybody";
  return absl::InvalidArgumentError("--listen-readers " + who + ": write anybody or logged-in");
}

PageCertificates::Look LookInto(Files& files, TlsPlaces places, std::vector<std::string> given) {
  return [&files,
          places = std::move(places),
          given = std::move(given)]() -> absl::StatusOr<PageCertificate> {
    POOLSHIFT_ASSIGN(TlsTexts texts, ReadTlsTexts(files, places));
    POOLSHIFT_ASSIGN(CertificateFacts facts, CheckTlsTexts(places, texts));
    PageCertificate found{std::move(texts.certificate),
                          std::move(texts.key),
                          given.empty() ? std::move(facts.names) : given};
    if (std::ranges::any_of(found.names, IsPlain)) return found;
    return absl::InvalidArgumentError(
        places.certificate +
        (found.names.empty() ? " has no subjectAltName, and browsers ask for no "
                               "other name"
                             : " stands for no whole name") +
        "; have one put there, or say with --listen-name what the pages are asked for by");
  };
}

// A name before an address.
std::string NameForUrl(const std::vector<std::string>& names) {
  const auto fits = [](const std::string& name) {
    return IsPlain(name) && name.find_first_not_of("0123456789.") != std::string::npos &&
           name.find(':') == std::string::npos;
  };
  const auto name = std::ranges::find_if(names, fits);
  return HostOf(name != names.end() ? *name : *std::ranges::find_if(names, IsPlain));
}

// Names that were given, and that nobody will believe.
std::string Unbelieved(const std::vector<std::string>& given, const CertificateFacts& facts) {
  const PageSite site{.tls = true, .names = facts.names};
  std::string text;
  for (const std::string& name : given)
    if (!IsNameOf(site, HostOf(name))) text += "; " + name + " does NOT stand in it";
  return text;
}

}  // namespace

absl::StatusOr<PageServers> PageServers::Start(const Session& session,
                                               const Arguments& arguments,
                                               const Board& board,
                                               const Doors& doors,
                                               const Log& log) {
  PageServers servers;
  const Clock& clock = *session.world.clock;
  if (arguments.Has("--listen")) {
    POOLSHIFT_ASSIGN(servers.here_,
                     HttpServer::Start(arguments.Value("--listen"), board, clock, doors));
  }
  POOLSHIFT_ASSIGN(const bool given,
                   AreGiven(arguments,
                            kAll,
                            "the pages are served to other machines over TLS, with --listen-tls, "
                            "--listen-cert and --listen-key"));
  for (const std::string_view option : {kName, kReaders})
    if (!given && arguments.Has(option))
      return absl::InvalidArgumentError(std::string(option) + " needs --listen-tls");
  if (!given) return servers;
  POOLSHIFT_ASSIGN(const bool anybody_reads, AnybodyReads(arguments));
  POOLSHIFT_ASSIGN(std::vector<std::string> names, NamesGiven(arguments));
  POOLSHIFT_ASSIGN(
      servers.certificates_,
      PageCertificates::Make(LookInto(*session.world.files,
                                      {arguments.Value(kCertificate), arguments.Value(kKey), ""},
                                      names),
                             log));
  POOLSHIFT_ASSIGN(Listening listening, Listen(arguments.Value(kListen)));
  const PageCertificate& certificate = servers.certificates_->current();
  const std::string url =
      "https://" + NameForUrl(certificate.names) + ':' + std::to_string(listening.place.port) + '/';
  POOLSHIFT_ASSIGN(const CertificateFacts facts, ReadCertificate(certificate.chain));
  POOLSHIFT_ASSIGN(
      servers.tls_,
      HttpServer::StartTls(
          {std::move(listening.socket), url, servers.certificates_.get(), anybody_reads},
          board,
          clock,
          doors));
  log("pages over TLS at " + url + ", listening at " + listening.place.text() +
      ValidityOf(facts, session.now()) + Unbelieved(names, facts) +
      (anybody_reads ? "; anybody may read them" : ""));
  return servers;
}

std::string PageServers::url() const { return tls_ == nullptr ? url_here() : tls_->url(); }

}  // namespace poolshift
