// ObservedIndex: what is observed, found by hash. Lowering asks for tens of thousands of resources,
// and each step through the ordered map of an ObservedState is another place in memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/model/observation.h"

namespace poolshift {

// Borrows the state, which must outlive it and stay as it is. Thread-compatible.
class ObservedIndex {
 public:
  explicit ObservedIndex(const ObservedState& state);

  // As of ObservedState.
  const Observation* Find(const ResourceId& id, std::string_view vantage = "") const;
  const Value* Properties(const ResourceId& id, std::string_view vantage = "") const;

  operator const ObservedState&() const { return state_; }  // NOLINT(google-explicit-constructor)

 private:
  using Entry = std::pair<const ObservationKey, Observation>;
  struct Slot {
    std::size_t hash = 0;
    const Entry* entry = nullptr;
  };

  const ObservedState& state_;
  std::vector<Slot> slots_;  // a power of two of them, less than half full
};

// Why nothing can be said of what this is a look at (null = none); "" when it was looked at (there
// may be none).
std::string WhyUnseen(const Observation* seen);

}  // namespace poolshift
