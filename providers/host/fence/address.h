// Address: addresses and networks, IPv4 and IPv6. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace poolshift::host {

struct Address {
  bool is_v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // IPv4: the first four
  std::string text;                      // canonical

  static std::optional<Address> Parse(const std::string& text);
};

struct Network {
  Address address;
  int bits = 0;

  // "203.0.113.0/24"; an address alone is the network of itself.
  static std::optional<Network> Parse(const std::string& text);
  bool Holds(const Address& other) const;
};

}  // namespace poolshift::host
