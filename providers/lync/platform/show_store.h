// What the central store says, as observations of our kinds. Pure: from facts to values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/model/listed.h"
#include "controller/model/observation.h"
#include "providers/lync/platform/bookkeeping.h"
#include "providers/lync/platform/facts.h"

namespace poolshift::lync {

// Which facts the observation of this kind needs of the store; none for a kind that is not here.
FactNames StoreFactsFor(std::string_view kind);

// `kind` is one of those above; names are of `organization`.
Observation ShowFromStore(const ResourceId& id,
                          const std::string& organization,
                          const Facts& store,
                          const Bookkeeping& books);

// LastUpdateCreation of the server's replica; nothing when the status has none.
std::optional<std::int64_t> CreatedOf(const Facts& store, std::string_view server);

// Fails rather than list a part.
absl::StatusOr<std::vector<Listed>> ListFromStore(const Facts& store);

Observation Present(Value::Map properties);
Observation Absent(std::string reason);
Observation Unreachable(std::string reason);

}  // namespace poolshift::lync
