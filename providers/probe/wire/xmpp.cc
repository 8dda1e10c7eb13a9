#include "providers/probe/wire/xmpp.h"

#include <algorithm>

#include "fmt/format.h"
#include "providers/probe/wire/question.h"

namespace poolshift::probe {
namespace {

constexpr std::string_view kStreams = "http://etherx.jabber.org/streams";
constexpr std::string_view kTls = "urn:ietf:params:xml:ns:xmpp-tls";
constexpr std::string_view kSasl = "urn:ietf:params:xml:ns:xmpp-sasl";
constexpr std::string_view kErrors = "urn:ietf:params:xml:ns:xmpp-streams";
constexpr std::string_view kDialbackFeature = "urn:xmpp:features:dialback";
constexpr std::string_view kDialback = "jabber:server:dialback";
constexpr std::size_t kMostMechanisms = 32;

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '\'':
        escaped += "&apos;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += letter;
    }
  }
  return escaped;
}

}  // namespace

std::string StreamHeader(std::string_view to, std::string_view from) {
  return fmt::format(
      "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='{}' "
      "xmlns:db='{}' to='{}' from='{}' version='1.0'>",
      kStreams,
      kDialback,
      Escaped(to),
      Escaped(from));
}

std::string StartTls() { return fmt::format("<starttls xmlns='{}'/>", kTls); }
std::string StreamEnd() { return "</stream:stream>"; }

bool IsStreamHeader(const Element& element) {
  return element.space == kStreams && element.name == "stream";
}

bool IsProceed(const Element& element) {
  return element.space == kTls && element.name == "proceed";
}

std::string StreamError(const Element& element) {
  if (element.space != kStreams || element.name != "error") return "";
  std::string condition = "an undefined condition", text;
  for (const Element& child : element.children) {
    if (child.space != kErrors) continue;
    if (child.name == "text") {
      text = child.text;
    } else {
      condition = Printable(child.name, 60);
    }
  }
  return text.empty() ? condition : fmt::format("{} ({})", condition, Printable(text, 100));
}

bool StreamFeatures::Offers(std::string_view mechanism) const {
  return std::find(mechanisms.begin(), mechanisms.end(), mechanism) != mechanisms.end();
}

bool IsFeatures(const Element& element) {
  return element.space == kStreams && element.name == "features";
}

StreamFeatures ReadFeatures(const Element& element) {
  StreamFeatures features;
  features.starttls = element.Child(kTls, "starttls") != nullptr;
  features.dialback = element.Child(kDialbackFeature, "dialback") != nullptr;
  if (const Element* mechanisms = element.Child(kSasl, "mechanisms")) {
    for (const Element& each : mechanisms->children) {
      if (each.name == "mechanism" && features.mechanisms.size() < kMostMechanisms)
        features.mechanisms.push_back(Printable(each.text, 40));
    }
  }
  return features;
}

bool DeclaresDialback(const Element& header) {
  return std::any_of(header.attributes.begin(), header.attributes.end(), [](const auto& each) {
    return each.first.rfind("xmlns:", 0) == 0 && each.second == kDialback;
  });
}

}  // namespace poolshift::probe
