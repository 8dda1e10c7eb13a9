// How each provider answered, look by look.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "absl/time/time.h"

#include "controller/model/observation.h"

namespace poolshift {

struct ProviderHealth {
  absl::Time answered = absl::InfinitePast();  // when it last could look at anything
  std::size_t unreachable = 0;  // resources that it could not look at in the last look
};

// Takes a look into account. `health` is by name of the provider; one that was asked nothing this
// time is taken out.
void NoteLook(const ObservedState& observed, std::map<std::string, ProviderHealth>& health);

}  // namespace poolshift
