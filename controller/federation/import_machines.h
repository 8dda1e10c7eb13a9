// The part of import that knows platforms without pools: it puts Edge pools together from machines.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "controller/federation/import.h"

namespace poolshift {

// Pools of the machines among the merged entities: those that their providers' settings name, and
// one for each other machine until ImportMachines knows more.
void AddMachines(const std::map<ResourceId, Value>& entities, Imported& imported);

// The certificates that its services show.
std::vector<ResourceId> CertificatesOf(const EdgePool& pool, const EdgeServer& server);

// Names in declared domains that may lead to a machine outside any topology: in its certificates,
// its own, and those that SRV records name.
std::vector<std::string> NamesOfMachines(const Organization& entities,
                                         const ObservedState& observed);

// The name lies below a declared domain. A domain's own name is none of a pool.
bool IsBelowADomain(const Organization& organization, const std::string& name);

}  // namespace poolshift
