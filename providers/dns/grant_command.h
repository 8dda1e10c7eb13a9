// `poolshift-provider-dns grant`: prints what a name server's configuration needs before it accepts
// our updates.
#pragma once

#include <string>
#include <vector>

namespace poolshift::dns {

// `arguments` after the word `grant`. Returns the exit status: 0, or 2 after explaining what is
// wrong.
int PrintGrant(const std::vector<std::string>& arguments);

}  // namespace poolshift::dns
