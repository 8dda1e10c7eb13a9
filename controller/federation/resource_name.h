// ResourceName: whether a name can be one of its kind, as far as the kind's form tells.
#pragma once

#include <string>

#include "controller/model/resource_id.h"

namespace poolshift::kinds {

// What is wrong with the name, for people; "" when its form is that of the kind: as many parts, and
// the last of them a known role, use, protocol, port or member. Requires a known kind.
std::string NameFault(const ResourceId& id);

}  // namespace poolshift::kinds
