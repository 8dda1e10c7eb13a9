// SHA-256 as lower-case hexadecimal text: names of content in plans, records, lock files and
// revisions.
#pragma once

#include <string>
#include <string_view>

#include "controller/model/value.h"

namespace poolshift {

// 64 hexadecimal digits.
std::string Digest(std::string_view bytes);

// Digest of the canonical text. A provider's *revision* of a resource is RevisionOf(the writable
// properties): exactly what an action will compare and set.
std::string RevisionOf(const Value& value);

}  // namespace poolshift
