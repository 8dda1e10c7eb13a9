// A server's stream for one domain (RFC 6120): header, features, STARTTLS, the certificate, and
// what is offered to prove who we are. It goes no further: nothing is authenticated, nothing is
// sent.
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "providers/probe/look/conversation.h"
#include "providers/probe/wire/xmpp.h"

namespace poolshift::probe {
namespace {

class XmppTalk {
 public:
  XmppTalk(const Eyes& eyes, Stream& stream, const std::string& domain, absl::Time deadline)
      : eyes_(eyes), stream_(stream), domain_(domain), deadline_(deadline) {}

  Conversation Run() {
    if (!Open() || !Secure()) return std::move(talk_);
    xml_ = {};
    if (!Open()) return std::move(talk_);
    Judge();
    // In order, so that the server's log does not speak of a broken connection.
    (void)stream_.Write(StreamEnd(), deadline_);
    return std::move(talk_);
  }

 private:
  bool Fails(std::string_view why) {
    AddEvidence(why, talk_.evidence);
    return false;
  }

  bool Fails(const absl::Status& status) {
    AddFailure(eyes_, status, talk_.evidence);
    return false;
  }

  absl::StatusOr<XmlStream::Next> Next() {
    for (;;) {
      const XmlStream::Next next = xml_.Read();
      if (next == XmlStream::Next::kFault)
        return absl::DataLossError("it answers what is no XMPP: " + xml_.fault());
      if (next != XmlStream::Next::kMore) return next;
      const absl::StatusOr<std::string> bytes = stream_.Read(deadline_);
      if (!bytes.ok()) return bytes.status();
      if (bytes->empty()) return absl::UnavailableError("it ends the connection");
      xml_.Feed(*bytes);
    }
  }

  // The next whole element, when it is no stream error.
  bool NextElement() {
    const absl::StatusOr<XmlStream::Next> next = Next();
    if (!next.ok()) return Fails(next.status());
    if (*next != XmlStream::Next::kElement) return Fails("it ends the stream");
    const std::string error = StreamError(xml_.element());
    return error.empty() || Fails(fmt::format("stream error {} for {}", error, domain_));
  }

  // Our header, its header, its features.
  bool Open() {
    const absl::Status sent = stream_.Write(StreamHeader(domain_, eyes_.from), deadline_);
    if (!sent.ok()) return Fails(sent);
    const absl::StatusOr<XmlStream::Next> next = Next();
    if (!next.ok()) return Fails(next.status());
    if (*next != XmlStream::Next::kHeader || !IsStreamHeader(xml_.element()))
      return Fails("it answers XML, and no stream");
    features_ = {};
    features_.dialback = DeclaresDialback(xml_.element());
    if (xml_.element().attributes.count("version") == 0)
      return Fails("a stream before XMPP 1.0, without STARTTLS");
    if (!NextElement()) return false;
    if (!IsFeatures(xml_.element())) return Fails("it answers without stream features");
    const bool declared = features_.dialback;
    features_ = ReadFeatures(xml_.element());
    features_.dialback = features_.dialback || declared;
    return true;
  }

  bool Secure() {
    if (!features_.starttls) return Fails("it offers no STARTTLS for " + domain_);
    const absl::Status sent = stream_.Write(StartTls(), deadline_);
    if (!sent.ok()) return Fails(sent);
    if (!NextElement()) return false;
    if (!IsProceed(xml_.element())) return Fails("it offers STARTTLS and refuses it");
    AddEvidence("STARTTLS", talk_.evidence);
    return BeginTls(eyes_, stream_, domain_, deadline_, talk_);
  }

  void Judge() {
    std::vector<std::string> offers;
    if (features_.Offers("EXTERNAL")) offers.emplace_back("SASL EXTERNAL");
    if (features_.dialback) offers.emplace_back("dialback");
    AddEvidence(offers.empty() ? std::string("offers neither SASL EXTERNAL nor dialback to us")
                               : fmt::format("offers {}", fmt::join(offers, " and ")),
                talk_.evidence);
    const std::string fault = CertificateFault(talk_.certificate, {domain_}, Use::kXmpp);
    if (!fault.empty()) AddEvidence(fault, talk_.evidence);
    talk_.spoke = fault.empty();
  }

  const Eyes& eyes_;
  Stream& stream_;
  const std::string& domain_;
  const absl::Time deadline_;
  XmlStream xml_;
  StreamFeatures features_;
  Conversation talk_;
};

}  // namespace

Conversation TalkXmpp(const Eyes& eyes,
                      Stream& stream,
                      const std::string& domain,
                      absl::Time deadline) {
  return XmppTalk(eyes, stream, domain, deadline).Run();
}

}  // namespace poolshift::probe
