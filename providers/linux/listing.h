// Listing: what `poolshift import` is told of a machine, which knows nothing of pools.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/model/listed.h"
#include "providers/linux/inventory.h"

namespace poolshift::linux_host {

// The addresses in what `ip -o address show scope global` prints, IPv4 and IPv6, in its order.
// Temporary and deprecated ones are left out: nobody names them in DNS. Pure.
std::vector<std::string> AddressesIn(std::string_view printed);

// A unit is declared for 5061 or 5269.
bool CarriesFederation(const Server& server);

// EdgeServer/<server>: what the settings say, and the addresses of a machine that can be asked.
Listed ListedAs(const Server& server, absl::Time deadline);

}  // namespace poolshift::linux_host
