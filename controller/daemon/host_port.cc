#include "controller/daemon/host_port.h"

#include "absl/strings/numbers.h"

namespace poolshift {

std::string HostPort::text() const {
  const bool six = host.find(':') != std::string::npos;
  return (six ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

absl::StatusOr<HostPort> ParseHostPort(const std::string& text) {
  constexpr int kLargestPort = 65535;
  const std::size_t colon = text.rfind(':');
  HostPort place;
  int port = -1;
  if (colon != std::string::npos && absl::SimpleAtoi(text.substr(colon + 1), &port) && port >= 0 &&
      port <= kLargestPort) {
    place.port = static_cast<std::uint16_t>(port);
    place.host = text.substr(0, colon);
  }
  const bool brackets = place.host.starts_with('[') && place.host.ends_with(']');
  if (brackets) place.host = place.host.substr(1, place.host.size() - 2);
  const bool six = place.host.find(':') != std::string::npos;
  if (place.host.empty() || six != brackets ||
      place.host.find_first_of("[]/ ") != std::string::npos)
    return absl::InvalidArgumentError(text +
                                      ": write HOST:PORT, as in `192.0.2.1:7443` or "
                                      "`[2001:db8::1]:7443`");
  return place;
}

}  // namespace poolshift
