// Hosting: what the declaration alone says about which Edge pool has which part.
#pragma once

#include <string_view>
#include <vector>

#include "controller/federation/protocol.h"

namespace poolshift {

// Some site declares a host for the protocol.
bool IsDeclared(const Organization& organization, Protocol protocol);

// Some site declares this Edge pool (manifest name) as host. Where sites may diverge there are
// several; otherwise it is DeclaredHost().
bool IsDeclaredHost(const Organization& organization, Protocol protocol, std::string_view pool);

// The pool stands in a static XMPP order: it needs flag and listener, hosting or not (D7).
bool IsXmppStandby(const Organization& organization, const EdgePool& pool);

// The pool must be able to take XMPP streams: a declared host, or a standby in service.
bool ServesXmpp(const Organization& organization, const EdgePool& pool);

// `fqdn` is a Director that hands federation to the Edge pool `pool` (manifest name, I-4).
bool IsDirectorOf(const Organization& organization, std::string_view fqdn, std::string_view pool);

}  // namespace poolshift
