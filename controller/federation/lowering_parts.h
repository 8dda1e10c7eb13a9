// The parts of the lowering, called in this order by Lower(). Each reads the handles of those
// before it (draft.h).
#pragma once

#include "controller/federation/draft.h"

namespace poolshift {

void LowerServices(Draft& draft);
void LowerTopology(Draft& draft);  // flags and next hops: one document, one publish
void LowerRoutes(Draft& draft);
void LowerAssociations(Draft& draft);
void LowerReplication(Draft& draft);  // the gate behind all central store writes
void LowerComponents(Draft& draft);
void LowerProbes(Draft& draft);   // lowering_outside.cc
void LowerClosing(Draft& draft);  // lowering_drain.cc: the former XMPP host stops listening (D9)
void LowerRecords(Draft& draft);
void LowerSettling(Draft& draft);  // lowering_outside.cc: caches, and the look by name
void LowerDrain(Draft& draft);     // streams are gone
void LowerFrontEndPools(Draft& draft);

// The server's replica holds what the topology will say: the gate behind the plan's writes, or,
// when it writes nothing and the replica is behind, one of its own.
Conditions ReplicaHoldsIt(Draft& draft, const EdgeServer& server);

// Of the components: the server's installed roles differ from what the topology will say.
bool MustInstall(const Draft& draft, const EdgePool& pool, const EdgeServer& server);

}  // namespace poolshift
