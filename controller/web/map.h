// The map of an organisation: its sites, their pools, who hosts what, and where something is not as
// declared. HTML. Pure.
#pragma once

#include <string>

#include "controller/gitops/board.h"

namespace poolshift::web {

// "" without an organisation.
std::string OrganizationMap(const Snapshot& snapshot);

}  // namespace poolshift::web
