// Fence: what turns traffic away in front of a pool that is out of service (D12, D15). It expires,
// so that one that everybody has forgotten does not stand for ever; until then a later plan lifts
// it, or renews it while its pool stays out.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"

#include "controller/federation/organization.h"
#include "controller/model/value.h"

namespace poolshift {

// When the observed fence expires; absent: never, or there is none.
std::optional<absl::Time> FenceExpiry(const Value& fence);

// It has expired, whether its rule still stands or not.
bool HasRunOut(const Value& fence, absl::Time now);

// It has run out, or less than a quarter of the time is left that a fence is put up for.
bool IsToBeRenewed(const Value& fence, absl::Time now, const Policy& policy);

// When a fence expires that is put up now, as in the kind: on the full hour, so that a plan made
// again stays the same for a while. "" = never: nobody knows what time it is.
std::string ExpiryFrom(absl::Time now, const Policy& policy);

// "2026-12-01 00:00 UTC", for people.
std::string ExpiryText(absl::Time expiry);

}  // namespace poolshift
