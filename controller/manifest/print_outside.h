// The part of PrintManifest that is not topology.
#pragma once

#include "controller/federation/organization.h"
#include "controller/manifest/emitter.h"

namespace poolshift::manifest {

void PrintDomain(const Domain& domain, Emitter& out);
void PrintPartner(const Partner& partner, Emitter& out);
void PrintProvider(const ProviderDeclaration& provider, Emitter& out);
void PrintNotification(const Notification& notification, Emitter& out);
void PrintPolicy(const Policy& policy, Emitter& out);

}  // namespace poolshift::manifest
