// Why a daemon cannot be spoken with over TLS, in words. gRPC says only that it cannot: its texts
// name no certificate, and what the other side refuses ends as a closed connection.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "controller/daemon/host_port.h"
#include "controller/daemon/tls_files.h"

namespace poolshift {

// Connects once more, only to find out; sends nothing but the handshake. Never ok: Unavailable
// (nobody there, no TLS, or nothing wrong this time) or Unauthenticated (a certificate), with the
// place and what to do. Waits at most `patience` for each answer.
absl::Status WhyRefused(const HostPort& place,
                        const TlsPlaces& own,
                        const TlsTexts& texts,
                        absl::Duration patience);

}  // namespace poolshift
