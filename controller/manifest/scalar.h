// The small languages inside scalars: names, DNS names, addresses, durations, times of day. Each
// function returns the canonical value, or an InvalidArgument status whose message says what is
// wrong, in words that follow the quoted text ("... is not a DNS name: ...").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

namespace poolshift::manifest {

// Letters, digits and inner hyphens, at most 63: names that end up in DNS markers, file names and
// commands.
absl::StatusOr<std::string> ReadName(std::string_view text);

// A site's name as the platform knows it: anything printable, at most 64 bytes, no spaces around
// it.
absl::StatusOr<std::string> ReadSiteName(std::string_view text);

// At least two labels of letters, digits and hyphens (an internationalised name in its xn-- form);
// lower case.
absl::StatusOr<std::string> ReadDnsName(std::string_view text);

// An IPv4 or IPv6 address of a machine, in the form of RFC 5952.
absl::StatusOr<std::string> ReadAddress(std::string_view text);

// Decimal digits, with a minus sign or not, nothing else.
absl::StatusOr<std::int64_t> ReadInteger(std::string_view text);

// "300", "300s", "5m" or "1h", in seconds.
absl::StatusOr<std::int64_t> ReadDuration(std::string_view text);

// "22:30", or "24:00" for the end of the day, in minutes from midnight.
absl::StatusOr<int> ReadTimeOfDay(std::string_view text);

// "2026-12-20 18:00", of a time zone that is said elsewhere.
absl::StatusOr<absl::CivilMinute> ReadCalendarTime(std::string_view text);

// Whether `name` is `domain` or lies below it. Both lower case.
bool IsWithin(std::string_view name, std::string_view domain);

}  // namespace poolshift::manifest
