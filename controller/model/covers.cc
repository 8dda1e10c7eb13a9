#include "controller/model/covers.h"

#include <algorithm>

namespace poolshift {

bool Covers(const Value& whole, const Value& part) {
  if (!part.is_map() || !whole.is_map()) return whole == part;
  return std::all_of(part.map().begin(), part.map().end(), [&](const auto& wanted) {
    const Value* member = whole.Find(wanted.first);
    return member != nullptr && Covers(*member, wanted.second);
  });
}

bool Shows(const Observation& observation, const Value& after) {
  if (observation.presence == Presence::kUnreachable) return false;
  if (after.is_null()) return observation.presence == Presence::kAbsent;
  return observation.presence == Presence::kPresent && Covers(observation.properties, after);
}

}  // namespace poolshift
