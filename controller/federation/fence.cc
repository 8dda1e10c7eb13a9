#include "controller/federation/fence.h"

namespace poolshift {

std::optional<absl::Time> FenceExpiry(const Value& fence) {
  absl::Time expiry;
  std::string fault;
  const std::string text(fence.StringOr("expires", ""));
  if (text.empty() || !absl::ParseTime(absl::RFC3339_full, text, &expiry, &fault))
    return std::nullopt;
  return expiry;
}

bool HasRunOut(const Value& fence, absl::Time now) {
  const std::optional<absl::Time> expiry = FenceExpiry(fence);
  return expiry.has_value() && (fence.StringOr("mode", "none") == "none" || *expiry <= now);
}

bool IsToBeRenewed(const Value& fence, absl::Time now, const Policy& policy) {
  const std::optional<absl::Time> expiry = FenceExpiry(fence);
  return expiry.has_value() && (HasRunOut(fence, now) || *expiry - now < policy.fence_for / 4);
}

std::string ExpiryFrom(absl::Time now, const Policy& policy) {
  if (now == absl::InfinitePast()) return "";
  const absl::Duration since = now + policy.fence_for - absl::UnixEpoch();
  return absl::FormatTime(absl::RFC3339_full,
                          absl::UnixEpoch() + absl::Ceil(since, absl::Hours(1)),
                          absl::UTCTimeZone());
}

std::string ExpiryText(absl::Time expiry) {
  return absl::FormatTime("%Y-%m-%d %H:%M", expiry, absl::UTCTimeZone()) + " UTC";
}

}  // namespace poolshift
