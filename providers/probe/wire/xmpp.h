// XMPP between servers, as far as a probe speaks it (RFC 6120, XEP-0220): what it sends, and the
// meaning of what comes back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "providers/probe/wire/xml_stream.h"

namespace poolshift::probe {

// The opening tag of our stream, and what asks for TLS in it.
std::string StreamHeader(std::string_view to, std::string_view from);
std::string StartTls();
std::string StreamEnd();

bool IsStreamHeader(const Element& element);
bool IsProceed(const Element& element);

// Of <stream:error>: "host-unknown" or "host-unknown (text of the server)"; "" when it is none.
std::string StreamError(const Element& element);

struct StreamFeatures {
  bool starttls = false;
  std::vector<std::string> mechanisms;  // of SASL
  bool dialback = false;
  bool Offers(std::string_view mechanism) const;
};
bool IsFeatures(const Element& element);
StreamFeatures ReadFeatures(const Element& element);
// Servers before XEP-0220 1.0 tell it by a declaration in the stream's opening tag only.
bool DeclaresDialback(const Element& header);

}  // namespace poolshift::probe
