// Covers: whether a resource is as an action wanted it. Actions may name only the members that
// change, so a map is covered when each of the wanted members is, at any depth; everything else
// must be equal.
#pragma once

#include "controller/model/observation.h"
#include "controller/model/value.h"

namespace poolshift {

bool Covers(const Value& whole, const Value& part);

// As an action's `after`: present and covering it, or absent when `after` is null. Unreachable is
// never so.
bool Shows(const Observation& observation, const Value& after);

}  // namespace poolshift
