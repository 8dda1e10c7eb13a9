// An Organization as manifest text: the way back from AssembleOrganization.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "controller/federation/organization.h"
#include "controller/federation/remark.h"

namespace poolshift {

// One text with every entity, in a fixed order. Loading it gives the same organisation again (but
// for origins).
std::string PrintManifest(const Organization& organization,
                          const std::vector<Remark>& remarks = {});

// The same in several files, by name: "organization.yaml", "pools.yaml", "domains.yaml",
// "providers.yaml"; those with nothing in them are left out.
std::map<std::string, std::string> PrintManifestFiles(const Organization& organization,
                                                      const std::vector<Remark>& remarks);

}  // namespace poolshift
