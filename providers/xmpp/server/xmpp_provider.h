// XmppProvider: Prosody and ejabberd. Each server says which it runs: `software: prosody`.
#pragma once

#include <memory>
#include <string>

#include "providers/linux/stream_provider.h"

namespace poolshift::xmpp {

inline constexpr const char* kRole = "xmppProxy";

// The members of a server's section that say how its XMPP server is asked; the unit of the role is
// the software's own unless another is declared. Null: there was a fault, which is noted.
std::unique_ptr<linux_host::PeerStreams> ReadStreams(linux_host::Server& server,
                                                     sdk::Section& section);

class XmppProvider final : public linux_host::StreamProvider {
 public:
  XmppProvider() : StreamProvider("xmpp") {}

 private:
  void ReadOwnOf(linux_host::Server& server, sdk::Section& section) override;
};

}  // namespace poolshift::xmpp
