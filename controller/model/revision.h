// The revision of what was observed, without a copy of its writable part.
#pragma once

#include <string>

#include "controller/model/kind_schema.h"
#include "controller/model/value.h"

namespace poolshift {

// RevisionOf(WritablePart(schema, properties)), at a fraction of its cost.
std::string RevisionOf(const KindSchema& schema, const Value& properties);

}  // namespace poolshift
