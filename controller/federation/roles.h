// Roles: which services a pool's servers have, and which protocols they speak, by what the pool
// runs.
#pragma once

#include <string_view>
#include <vector>

#include "controller/federation/protocol.h"

namespace poolshift {

// Something that the pool runs speaks the protocol.
bool Speaks(const EdgePool& pool, Protocol protocol);

// Of any of what it runs (product.h).
bool SwallowsWithoutRoute(const EdgePool& pool);

// Every role of kinds::kRoles of a pool that a topology stands behind; of another those of the
// protocols that it speaks.
std::vector<std::string_view> RolesOf(const EdgePool& pool);

// As in kinds::Certificate: one for both protocols, or outside any topology one of each.
std::string_view CertificateUse(const EdgePool& pool, Protocol protocol);

bool HasRole(const EdgePool& pool, std::string_view role);

// RolesOf() without those that only the host of a protocol needs: xmppProxy, and outside any
// topology, where it carries nothing else, accessEdge. What should run on every server in service.
std::vector<std::string_view> StandingRoles(const EdgePool& pool);

}  // namespace poolshift
