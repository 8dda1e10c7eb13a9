// SignedTransport: the DnsTransport of the real world. Every question is signed and every answer
// verified.
#pragma once

#include <memory>

#include "providers/dns/update/dns_transport.h"
#include "providers/dns/update/tsig_key.h"

namespace poolshift::dns {

// `patience` is how long one UDP question waits before it is asked again.
std::unique_ptr<DnsTransport> MakeSignedTransport(std::shared_ptr<const TsigKey> key,
                                                  absl::Duration patience);

}  // namespace poolshift::dns
