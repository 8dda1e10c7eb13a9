// Left behind: outside any topology, a move that stopped behind its records shows only in the
// streams that stayed where they were (D8).
#pragma once

#include <vector>

#include "controller/federation/view.h"

namespace poolshift {

// Pools in service, no standbys, that answer and still have streams of the protocol, though the
// records lead to `host`. Borrowed from the organisation.
std::vector<const EdgePool*> LeftBehind(const View& view, Protocol protocol, const EdgePool& host);

}  // namespace poolshift
