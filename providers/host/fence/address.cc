#include "providers/host/fence/address.h"

#include <charconv>

#include <arpa/inet.h>

namespace poolshift::host {

std::optional<Address> Address::Parse(const std::string& text) {
  Address address;
  char canonical[INET6_ADDRSTRLEN];
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, text.c_str(), address.bytes.data()) != 1) continue;
    address.is_v6 = family == AF_INET6;
    address.text = inet_ntop(family, address.bytes.data(), canonical, sizeof canonical);
    return address;
  }
  return std::nullopt;
}

std::optional<Network> Network::Parse(const std::string& text) {
  const std::size_t slash = text.find('/');
  const auto address = Address::Parse(text.substr(0, slash));
  if (!address.has_value()) return std::nullopt;
  const int most = address->is_v6 ? 128 : 32;
  Network network{*address, most};
  if (slash == std::string::npos) return network;
  const char* end = text.data() + text.size();
  const auto [rest, fault] = std::from_chars(text.data() + slash + 1, end, network.bits);
  if (fault != std::errc() || rest != end || network.bits < 0 || network.bits > most)
    return std::nullopt;
  return network;
}

bool Network::Holds(const Address& other) const {
  if (other.is_v6 != address.is_v6) return false;
  for (int bit = 0; bit < bits; ++bit) {
    const auto at = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> bit % 8;
    if ((address.bytes[at] & mask) != (other.bytes[at] & mask)) return false;
  }
  return true;
}

}  // namespace poolshift::host
