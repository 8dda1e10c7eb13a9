// What records say, for import: the targets of an SRV record, the addresses of a name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "controller/model/observation.h"

namespace poolshift {

struct Locator {
  std::vector<std::string> targets;  // the preferred first
  std::int64_t ttl = 0;
  std::string unseen;  // why it could not be looked at
};

// The SRV record with this owner name.
Locator LocatorAt(const ObservedState& observed, const std::string& name);

struct Addresses {
  std::vector<std::string> found;  // IPv4 first
  std::string unseen;  // "A of NAME could not be looked at (REASON)"; "" when all was looked at
};

// The addresses of a name.
Addresses AddressesAt(const ObservedState& observed, const std::string& name);

}  // namespace poolshift
