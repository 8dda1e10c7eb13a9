// An Organization as manifest text: the way back from AssembleOrganization.
#pragma once

#include <string>

#include "controller/federation/organization.h"

namespace poolshift {

// One text with every entity, in a fixed order. Loading it gives the same organisation again (but
// for origins).
std::string PrintManifest(const Organization& organization);

}  // namespace poolshift
