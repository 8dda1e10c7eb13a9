// What follows from declarations: effective hosts of each site, and the pool that `conferencing:
// local` means (D4).
#pragma once

#include "controller/federation/organization.h"
#include "controller/manifest/directory.h"
#include "controller/model/diagnostics.h"

namespace poolshift::manifest {

// Site.spec.hosts over Organization.spec.hosts, per protocol.
void DeriveHosts(const Directory& directory, Organization& organization);

// Resolves `local` of these Front End pools; errors where a site has no Edge pool or several, a
// warning where the only one is out of service without a stand-in.
void DeriveConferencing(const Directory& directory,
                        const std::vector<std::string>& names,
                        Organization& organization,
                        Diagnostics& diagnostics);

}  // namespace poolshift::manifest
