#include "controller/model/observation.h"

namespace poolshift {

const Observation* ObservedState::Find(const ResourceId& id, std::string_view vantage) const {
  const auto found = observations.find(ObservationKey{id, std::string(vantage)});
  return found == observations.end() ? nullptr : &found->second;
}

const Value* ObservedState::Properties(const ResourceId& id, std::string_view vantage) const {
  const Observation* observation = Find(id, vantage);
  if (observation == nullptr || observation->presence != Presence::kPresent) return nullptr;
  return &observation->properties;
}

}  // namespace poolshift
