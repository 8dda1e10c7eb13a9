// Ejabberd: its streams by its HTTP API through a forwarded port, and by `ejabberdctl` where nobody
// answers there.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "providers/linux/stream_provider.h"

namespace poolshift::xmpp {

struct EjabberdApi {
  std::string address = "127.0.0.1";
  std::uint16_t port = 5280;
  std::string path = "/api";
  std::string ejabberdctl = "ejabberdctl";
};

std::unique_ptr<linux_host::PeerStreams> MakeEjabberd(const linux_host::Machine& machine,
                                                      const EjabberdApi& api);

}  // namespace poolshift::xmpp
