// The fence of a zone by itself: what a controller raises before it looks, when it takes over from
// another one that may still have a write on its way.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "providers/dns/update/dns_transport.h"
#include "providers/dns/update/settings.h"

namespace poolshift::dns {

// Raises the fence of every zone that has one to the claim's token where it is lower; 0 only asks.
// Nothing else in a zone changes.
// Unavailable when a primary does not answer, PermissionDenied when it refuses; zones before it may
// have been raised.
absl::StatusOr<FenceAnswer> RaiseFences(DnsTransport& transport,
                                        const Settings& settings,
                                        const FenceClaim& claim,
                                        absl::Time deadline);

}  // namespace poolshift::dns
