// Prospect: what will be observed once some actions of a plan are done, or once a dead pool answers
// again. Pure suppositions over observations: they show a way back before anybody has to walk it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "controller/federation/organization.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"

namespace poolshift {

// `observed` with everything in it that the actions, done in their order, change or (gates) prove:
// targets, the watermark of the central store, ports that open or close with a service. What does
// not follow from them stays as it was seen. Gates are taken as passed.
ObservedState AfterActions(const Organization& organization,
                           ObservedState observed,
                           const std::vector<Action>& done);

// `observed` as if the Edge pools (manifest names) were back as they were when they failed: every
// service runs, their ports answer, components and replica are those of `at_failure`, which was
// observed before the first write since.
ObservedState SupposeAnswering(const Organization& organization,
                               ObservedState observed,
                               const ObservedState& at_failure,
                               const std::set<std::string>& pools);

}  // namespace poolshift
