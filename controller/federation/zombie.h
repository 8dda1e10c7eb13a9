// Zombie: a server of a pool that is declared out of service, which answers all the same, or would
// do so by itself as soon as it could (D12).
#pragma once

#include "controller/federation/view.h"

namespace poolshift {

// The server does not answer, but can be looked at, is installed for the protocol (or nobody can
// say that it is not), and nothing keeps it from answering: no fence, no disabled service.
bool WouldReturn(const View& view, const EdgeServer& server, Protocol protocol);

}  // namespace poolshift
