#include "controller/manifest/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"

#include "controller/manifest/text_check.h"
#include <arpa/inet.h>

namespace poolshift::manifest {
namespace {

bool IsDigit(char letter) { return letter >= '0' && letter <= '9'; }

bool IsLabelLetter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || IsDigit(letter) ||
         letter == '-';
}

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

absl::Status Fault(std::string_view text, std::string_view what) {
  return absl::InvalidArgumentError(Quoted(text) + std::string(what));
}

// What is wrong with a DNS label, or "".
std::string_view LabelFault(std::string_view label) {
  if (label.empty()) return "an empty label";
  if (label.size() > 63) return "a label of more than 63 letters";
  if (!std::all_of(label.begin(), label.end(), IsLabelLetter)) {
    return "only letters, digits and hyphens (write an international name in its xn-- form)";
  }
  if (label.front() == '-' || label.back() == '-') return "a hyphen at the edge of a label";
  return "";
}

bool IsUsable(const in_addr& address) {
  const std::uint32_t host = ntohl(address.s_addr);
  return host != 0 && (host >> 28U) < 0xE;  // neither "any" nor multicast nor reserved
}

}  // namespace

absl::StatusOr<std::string> ReadName(std::string_view text) {
  const std::string_view fault = LabelFault(text);
  if (fault.empty()) return std::string(text);
  return Fault(text, " is not a name: use letters, digits and inner hyphens, at most 63");
}

absl::StatusOr<std::string> ReadSiteName(std::string_view text) {
  if (text.empty() || text.size() > 64) return Fault(text, " is not a site name: 1 to 64 bytes");
  if (text.front() == ' ' || text.back() == ' ') {
    return Fault(text, " is not a site name: remove the spaces around it");
  }
  return std::string(text);
}

absl::StatusOr<std::string> ReadDnsName(std::string_view text) {
  if (text.size() > 253) return Fault(text, " is not a DNS name: longer than 253 letters");
  if (!text.empty() && text.back() == '.') {
    return Fault(text, " is not a DNS name: leave out the last dot");
  }
  std::size_t labels = 0;
  for (std::size_t begin = 0; begin <= text.size(); ++labels) {
    const std::size_t end = std::min(text.find('.', begin), text.size());
    const std::string_view fault = LabelFault(text.substr(begin, end - begin));
    if (!fault.empty()) return Fault(text, " is not a DNS name: " + std::string(fault));
    begin = end + 1;
  }
  if (labels < 2) return Fault(text, " is not a full DNS name: give it with its domain");
  if (AllDigits(text.substr(text.rfind('.') + 1))) {
    return Fault(text, " is not a DNS name: its last label is a number");
  }
  return absl::AsciiStrToLower(std::string(text));
}

absl::StatusOr<std::string> ReadAddress(std::string_view text) {
  const std::string copy(text);
  std::array<char, INET6_ADDRSTRLEN> shown{};
  in_addr four{};
  if (inet_pton(AF_INET, copy.c_str(), &four) == 1) {
    if (!IsUsable(four)) return Fault(text, " is not the address of a machine");
    return std::string(inet_ntop(AF_INET, &four, shown.data(), shown.size()));
  }
  in6_addr six{};
  if (inet_pton(AF_INET6, copy.c_str(), &six) == 1) {
    if (IN6_IS_ADDR_UNSPECIFIED(&six) || IN6_IS_ADDR_MULTICAST(&six) ||
        IN6_IS_ADDR_V4MAPPED(&six)) {
      return Fault(text, " is not the address of a machine");
    }
    return std::string(inet_ntop(AF_INET6, &six, shown.data(), shown.size()));
  }
  return Fault(text, " is not an IPv4 or IPv6 address");
}

absl::StatusOr<std::int64_t> ReadInteger(std::string_view text) {
  const std::string_view digits = text.substr(text.substr(0, 1) == "-" ? 1 : 0);
  if (!AllDigits(digits)) return Fault(text, " is not a whole number");
  if (digits.size() > 1 && digits.front() == '0') {
    return Fault(text, " starts with 0: write the number in decimal without it");
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return Fault(text, " is too large");
  return value;
}

absl::StatusOr<std::int64_t> ReadDuration(std::string_view text) {
  std::int64_t unit = 1;
  std::string_view digits = text;
  if (!text.empty() && !IsDigit(text.back())) {
    digits.remove_suffix(1);
    unit = text.back() == 'h' ? 3600 : text.back() == 'm' ? 60 : text.back() == 's' ? 1 : 0;
  }
  const auto number = ReadInteger(digits);
  if (unit == 0 || !number.ok() || *number < 0) {
    return Fault(text, " is not a duration: write `300`, `300s`, `5m` or `1h`");
  }
  if (*number > 1'000'000'000) return Fault(text, " is too long");
  return *number * unit;
}

absl::StatusOr<int> ReadTimeOfDay(std::string_view text) {
  const bool shaped = text.size() == 5 && text[2] == ':' && AllDigits(text.substr(0, 2)) &&
                      AllDigits(text.substr(3));
  const int hours = shaped ? (text[0] - '0') * 10 + (text[1] - '0') : 99;
  const int minutes = shaped ? (text[3] - '0') * 10 + (text[4] - '0') : 99;
  const int total = hours * 60 + minutes;
  if (minutes > 59 || total > 24 * 60) {
    return Fault(text, " is not a time of day: write `22:30`, or `24:00` for the end of the day");
  }
  return total;
}

absl::StatusOr<absl::CivilMinute> ReadCalendarTime(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00 00:00";
  const auto fits = [](char shape, char letter) {
    return shape == '0' ? letter >= '0' && letter <= '9' : letter == shape;
  };
  absl::CivilMinute minute;
  const bool shaped = std::equal(kShape.begin(), kShape.end(), text.begin(), text.end(), fits);
  std::string iso(text);
  if (shaped) iso[iso.find(' ')] = 'T';
  // Parsing alone would carry the 31st of February over into March.
  if (!shaped || !absl::ParseCivilTime(iso, &minute) || absl::FormatCivilTime(minute) != iso)
    return Fault(text, " is no day and time: write `2026-12-20 18:00`");
  return minute;
}

bool IsWithin(std::string_view name, std::string_view domain) {
  if (name.size() <= domain.size()) return name == domain;
  return name.substr(name.size() - domain.size()) == domain &&
         name[name.size() - domain.size() - 1] == '.';
}

}  // namespace poolshift::manifest
