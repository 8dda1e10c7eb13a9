// Protocol: the two federations that a pool may host, with what differs between them.
#pragma once

#include <string>
#include <string_view>

#include "controller/federation/kinds.h"
#include "controller/federation/organization.h"

namespace poolshift {

enum class Protocol { kSip, kXmpp };

inline constexpr Protocol kProtocols[] = {Protocol::kSip, Protocol::kXmpp};

// "sip", "xmpp": as in resources and JSON.
constexpr std::string_view Name(Protocol protocol) {
  return protocol == Protocol::kSip ? "sip" : "xmpp";
}
// "SIP federation", "XMPP federation": for people.
constexpr std::string_view Title(Protocol protocol) {
  return protocol == Protocol::kSip ? "SIP federation" : "XMPP federation";
}
// The member of Topology and SiteRoute values: "federation", "xmpp".
constexpr std::string_view Member(Protocol protocol) {
  return protocol == Protocol::kSip ? "federation" : "xmpp";
}
constexpr int Port(Protocol protocol) {
  return protocol == Protocol::kSip ? kinds::kSipPort : kinds::kXmppPort;
}
// The Edge role that listens on the port.
constexpr std::string_view Role(Protocol protocol) {
  return protocol == Protocol::kSip ? "accessEdge" : "xmppProxy";
}

inline std::string DeclaredHost(const Organization& organization, Protocol protocol) {
  return protocol == Protocol::kSip ? organization.federation_host() : organization.xmpp_host();
}
inline const std::string& DeclaredHost(const Site& site, Protocol protocol) {
  return protocol == Protocol::kSip ? site.hosts.federation : site.hosts.xmpp;
}
inline std::string& DeclaredHost(Site& site, Protocol protocol) {
  return protocol == Protocol::kSip ? site.hosts.federation : site.hosts.xmpp;
}
// Whether the domain, or the partner, takes part in the federation.
inline bool Speaks(const Domain& domain, Protocol protocol) {
  return protocol == Protocol::kSip ? domain.sip.has_value() : domain.xmpp.has_value();
}
inline bool Speaks(const Partner& partner, Protocol protocol) {
  return protocol == Protocol::kSip ? partner.sip : partner.xmpp;
}

}  // namespace poolshift
