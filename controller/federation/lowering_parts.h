// The parts of the lowering, called in this order by Lower(). Each reads the handles of those
// before it (draft.h).
#pragma once

#include "controller/federation/draft.h"

namespace poolshift {

void LowerServices(Draft& draft);  // lowering_services.cc
void LowerCentralStore(
    Draft& draft);  // lowering_central_store.cc: flags, routes, associations, replication
void LowerComponents(
    Draft& draft,
    bool former_hosts);            // lowering_components.cc: before the probe, or after settling
void LowerProbes(Draft& draft);    // lowering_outside.cc
void LowerClosing(Draft& draft);   // lowering_drain.cc: the former XMPP host stops listening (D9)
void LowerRecords(Draft& draft);   // lowering_records.cc
void LowerSettling(Draft& draft);  // lowering_outside.cc: caches, and the look by name
void LowerDrain(Draft& draft);     // lowering_drain.cc: streams are gone
void LowerFrontEndPools(Draft& draft);  // lowering_front_end.cc

}  // namespace poolshift
