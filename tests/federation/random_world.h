// RandomWorld: an organisation and a world for it, both made from one number. Most are plausible (a
// host that failed, a move half done, a restored pool); some are odd on purpose.
#pragma once

#include "controller/federation/assignment.h"
#include "tests/federation/dice.h"
#include "tests/federation/rehearsal.h"

namespace poolshift {

Organization RandomOrganization(Dice& dice, std::size_t most_sites = 4);

// A person serves the topology and every site's routes, so that all of it is one publish (order
// `atomic`).
void LetAPersonPublish(Organization& organization);

// Every provider of the organisation offers every kind.
OfferedKinds EveryKind(const Organization& organization);

// `organization` is adjusted: a pool that lost its power is usually declared out of service.
Rehearsal RandomWorld(Organization& organization, Dice& dice);

}  // namespace poolshift
