// Observation: what one provider saw of one resource from one vantage. "Could not look" is never
// "absent".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/model/resource_id.h"
#include "controller/model/value.h"

namespace poolshift {

enum class Presence {
  kPresent,
  kAbsent,       // looked, and it is not there
  kUnreachable,  // could not look; `reason` says why. Nothing may be concluded about the resource
};

// What is asked: a resource, from a vantage. An empty vantage is the provider's own view.
struct ObservationKey {
  ResourceId id;
  std::string vantage;
  auto operator<=>(const ObservationKey&) const = default;
};

struct Observation {
  Presence presence = Presence::kUnreachable;
  Value properties;  // a map when present
  std::vector<std::string>
      unknown;           // properties that could not be read, though the resource is present
  std::string revision;  // RevisionOf(writable part); empty unless present
  absl::Time at = absl::InfinitePast();  // on the controller's clock, when the answer arrived
  std::string provider;                  // manifest name of the provider that answered
  std::string reason;                    // why unreachable, or a remark
  bool operator==(const Observation&) const = default;
};

struct ObservedState {
  std::map<ObservationKey, Observation> observations;

  // The observation, or null when it was never asked. Borrowed.
  const Observation* Find(const ResourceId& id, std::string_view vantage = "") const;
  // Properties when present, else null. Borrowed.
  const Value* Properties(const ResourceId& id, std::string_view vantage = "") const;
};

}  // namespace poolshift
