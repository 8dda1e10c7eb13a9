// SipProvider: Kamailio as the SIP edge of an organisation.
#pragma once

#include <memory>
#include <string>

#include "providers/linux/stream_provider.h"

namespace poolshift::sip {

inline constexpr const char* kRole = "accessEdge";

// The members of a server's section that say how its Kamailio is asked; the unit of the role is
// kamailio.service unless another is declared. `server` must outlive the result.
std::unique_ptr<linux_host::PeerStreams> ReadStreams(linux_host::Server& server,
                                                     sdk::Section& section);

class SipProvider final : public linux_host::StreamProvider {
 public:
  SipProvider() : StreamProvider("sip") {}

 private:
  void ReadOwnOf(linux_host::Server& server, sdk::Section& section) override;
};

}  // namespace poolshift::sip
