// Exchange: one message to one name server and what comes back, over UDP or TCP, IPv4 or IPv6.
//
// It moves bytes and knows nothing of their meaning, but the two bytes of length that TCP puts
// before each message (RFC 1035 §4.2.2). Thread-safe: each call has its own socket, connected, so
// that only the server asked is heard.
#pragma once

#include <functional>
#include <string>

#include "absl/time/time.h"

#include "providers/dns/update/dns_transport.h"
#include "providers/dns/update/wire_codec.h"

namespace poolshift::dns {

struct Delivery {
  bool sent = false;      // the whole message left, and nobody said that it could not arrive
  bool accepted = false;  // `accept` took an answer
  std::string problem;    // why not accepted
};

// Called with each message that arrives; true ends the exchange.
using Accept = std::function<bool(const Bytes&)>;

Delivery ExchangeDatagrams(const Endpoint& server,
                           const Bytes& message,
                           absl::Time deadline,
                           const Accept& accept);
Delivery ExchangeStream(const Endpoint& server,
                        const Bytes& message,
                        absl::Time deadline,
                        const Accept& accept);

}  // namespace poolshift::dns
