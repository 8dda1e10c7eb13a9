// What is on record of runs that lowered the time to live of record sets (D18): the controller's
// own memory, because no zone says when it was changed.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"

#include "controller/federation/preparation.h"

namespace poolshift {

class Store;

// By record set, what the latest `prepare` run did to it, from the latest runs of the organisation.
// A later run that changed the record set again is the one that counts: then it is not here.
absl::StatusOr<std::map<ResourceId, LoweredTtl>> LoweredTtls(Store& store,
                                                             const std::string& organization);

}  // namespace poolshift
