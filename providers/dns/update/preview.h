// Previewing: an update as the lines of shell and nsupdate that do the same when a person pastes
// them.
#pragma once

#include <string>
#include <vector>

#include "providers/dns/update/decision.h"

namespace poolshift::dns {

// Sends nothing and asks nothing. The key is named by its place, never shown. What the marker
// record set receives in the same message depends on what it then holds, and is said in a comment.
std::vector<std::string> NsupdateLines(const Settings& settings, const Intent& intent);

}  // namespace poolshift::dns
