// Where the TSIG key comes from: the secret `tsig` of the provider's declaration, a checked file or
// a variable.
#pragma once

#include <string>
#include <vector>

#include "providers/dns/update/settings.h"

namespace poolshift::dns {

// What the manifest says of the key; either may be empty when the secret is a BIND key statement.
struct KeyNames {
  std::string name, algorithm;
};

// Fills `settings.key` and `settings.key_place`, or appends each fault to `problems`; none repeats
// a secret.
void ReadKey(const sdk::Configuration& configuration,
             const KeyNames& names,
             Settings& settings,
             std::vector<std::string>& problems);

}  // namespace poolshift::dns
