// TwoSites: the organisation of the source documents and a healthy world for it: Edge pool 1 hosts
// both federations, Edge pool 2 stands by with everything but hosting. Tests change what they are
// about.
#pragma once

#include "tests/federation/rehearsal.h"

namespace poolshift {

Organization TwoSites();

// Borrows the organisation.
Rehearsal HealthyWorld(const Organization& organization);

// Every site declares the pool as host.
void DeclareHost(Organization& organization, Protocol protocol, const std::string& pool);
// The pool's servers lose their power.
void CutPower(const EdgePool& pool, Rehearsal& world);
void DeclareDead(EdgePool& pool);
// One member of a stored thing.
void Change(Rehearsal& world, const ResourceId& id, std::string_view member, Value value);
// A member of a pool in the topology.
void ChangePool(Rehearsal& world, const EdgePool& pool, std::string_view member, Value value);

}  // namespace poolshift
