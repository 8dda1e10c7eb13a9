// Grants: the exact lines that let a key do what Poolshift needs, and no more, for BIND and Knot.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace poolshift::dns {

struct GrantRequest {
  std::string key;  // name of the TSIG key
  std::string zone;
  std::vector<std::pair<std::string, std::string>> sets;  // owner name, type
  bool owned = true;                                      // with the marker record set of the zone
};

// The zone's `update-policy`.
std::vector<std::string> BindGrant(const GrantRequest& request);
// The `acl` section and the zone's reference to it.
std::vector<std::string> KnotGrant(const GrantRequest& request);

}  // namespace poolshift::dns
