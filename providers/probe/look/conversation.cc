#include "providers/probe/look/conversation.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "providers/probe/wire/sip.h"

namespace poolshift::probe {
namespace {

constexpr std::size_t kNamesShown = 5;

std::string NamesText(const PeerCertificate& certificate) {
  std::vector<std::string> names = certificate.names.All();
  const std::size_t more = names.size() - std::min(names.size(), kNamesShown);
  names.resize(names.size() - more);
  const std::string text = Printable(fmt::format("{}", fmt::join(names, ", ")), 200);
  return more == 0 ? text : fmt::format("{} and {} more", text, more);
}

// The final response to an OPTIONS request, or why there is none.
absl::StatusOr<SipResponse> FinalResponse(Stream& stream, SipReader& reader, absl::Time deadline) {
  for (;;) {
    switch (reader.Read()) {
      case SipReader::Next::kFault:
        return absl::DataLossError(reader.fault());
      case SipReader::Next::kResponse:
        if (reader.response().status >= 200) return reader.response();
        break;
      case SipReader::Next::kMore:
        const absl::StatusOr<std::string> bytes = stream.Read(deadline);
        if (!bytes.ok()) return bytes.status();
        if (bytes->empty())
          return absl::UnavailableError("it ends the connection without an answer");
        reader.Feed(*bytes);
    }
  }
}

}  // namespace

void AddEvidence(std::string_view item, std::string& evidence) {
  if (!evidence.empty()) evidence += "; ";
  evidence += item;
}

void AddFailure(const Eyes& eyes, const absl::Status& status, std::string& evidence) {
  std::string text = Printable({status.message().data(), status.message().size()});
  // Servers that demand a certificate tell it so, in TLS 1.2 and 1.3.
  const bool demanded = text.find("alert certificate required") != std::string::npos ||
                        text.find("alert handshake failure") != std::string::npos;
  if (demanded && !eyes.shows_certificate) text += " (the vantage has no certificate to show)";
  AddEvidence(text, evidence);
}

bool BeginTls(const Eyes& eyes,
              Stream& stream,
              const std::string& server,
              absl::Time deadline,
              Conversation& talk) {
  const absl::Status begun = stream.BeginClient(*eyes.context, server, deadline);
  if (!begun.ok()) {
    AddFailure(eyes, begun, talk.evidence);
    return false;
  }
  talk.certificate = PeerCertificateOf(stream, *eyes.context);
  AddEvidence(SSL_get_version(stream.tls()), talk.evidence);
  if (talk.certificate.shown) {
    AddEvidence(
        fmt::format("certificate of {} until {}",
                    NamesText(talk.certificate),
                    absl::FormatTime("%Y-%m-%d", talk.certificate.not_after, absl::UTCTimeZone())),
        talk.evidence);
  }
  return true;
}

std::string CertificateFault(const PeerCertificate& certificate,
                             const std::vector<std::string>& names,
                             Use use) {
  if (!certificate.shown) return "it shows no certificate";
  if (!certificate.fault.empty())
    return "its certificate is not trusted: " + Printable(certificate.fault);
  for (const std::string& name : names) {
    if (!Covers(certificate.names, name, use))
      return "its certificate does not cover " + Printable(name);
  }
  return "";
}

Conversation TalkTls(const Eyes& eyes,
                     Stream& stream,
                     const Question& question,
                     absl::Time deadline) {
  Conversation talk;
  const std::string server = question.names.empty() ? "" : question.names.front();
  if (!BeginTls(eyes, stream, server, deadline, talk)) return talk;
  const std::string fault = CertificateFault(talk.certificate, question.names, Use::kTls);
  if (!fault.empty()) AddEvidence(fault, talk.evidence);
  return talk;
}

Conversation TalkSip(const Eyes& eyes,
                     Stream& stream,
                     const Question& question,
                     absl::Time deadline) {
  Conversation talk;
  const std::string server = question.names.empty() ? question.host : question.names.front();
  if (!BeginTls(eyes, stream, server, deadline, talk)) return talk;
  const std::string unique = Unique();
  const absl::Status sent = stream.Write(
      SipOptionsRequest({server, eyes.from, LocalPlace(stream.descriptor()), unique}), deadline);
  if (!sent.ok()) {
    AddFailure(eyes, sent, talk.evidence);
    return talk;
  }
  SipReader reader(unique);
  const absl::StatusOr<SipResponse> response = FinalResponse(stream, reader, deadline);
  if (!response.ok()) {
    AddFailure(eyes, response.status(), talk.evidence);
    return talk;
  }
  AddEvidence(fmt::format("SIP {} {}{}",
                          response->status,
                          response->reason,
                          response->server.empty() ? "" : " from " + response->server),
              talk.evidence);
  const std::string fault = CertificateFault(talk.certificate, question.names, Use::kSip);
  if (!fault.empty()) AddEvidence(fault, talk.evidence);
  talk.spoke = fault.empty();
  return talk;
}

}  // namespace poolshift::probe
