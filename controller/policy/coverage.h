// Coverage: whether what is left of an interrupted run is covered by the approval of that run.
#pragma once

#include <vector>

#include "controller/model/plan.h"

namespace poolshift {

// The changes of `rest` that are not exactly in `approved`: the same change of the same resource,
// by the same provider, with the same commands. Gates only look and need no approval. Borrowed from
// `rest`.
std::vector<const Action*> NotCovered(const Plan& approved, const Plan& rest);

}  // namespace poolshift
