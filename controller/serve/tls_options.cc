#include "controller/serve/tls_options.h"

#include <algorithm>

namespace poolshift {

absl::StatusOr<bool> AreGiven(const Arguments& arguments,
                              std::span<const std::string_view> options,
                              std::string_view why) {
  const auto given = [&](std::string_view option) { return arguments.Has(option); };
  const auto missing = std::ranges::find_if_not(options, given);
  if (std::ranges::none_of(options, given)) return false;
  if (missing == options.end()) return true;
  return absl::InvalidArgumentError(std::string(*missing) + " is missing: " + std::string(why));
}

std::string ValidityOf(const CertificateFacts& facts, absl::Time now) {
  const auto day = [](absl::Time time) {
    return absl::FormatTime("%Y-%m-%d %H:%MZ", time, absl::UTCTimeZone());
  };
  return ", certificate from " + day(facts.begins) + " to " + day(facts.ends) +
         (facts.IsValidAt(now) ? "" : ": NOT VALID NOW, nobody will believe it");
}

}  // namespace poolshift
