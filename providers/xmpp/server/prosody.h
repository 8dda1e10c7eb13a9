// Prosody: its streams by `prosodyctl shell`, one line of Lua each, which Prosody itself runs.
#pragma once

#include <memory>
#include <string>

#include "providers/linux/stream_provider.h"

namespace poolshift::xmpp {

std::unique_ptr<linux_host::PeerStreams> MakeProsody(const linux_host::Machine& machine,
                                                     const std::string& prosodyctl);

}  // namespace poolshift::xmpp
