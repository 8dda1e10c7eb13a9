// A secret whose name a member of the configuration says.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "providers/sdk/secret.h"
#include "providers/sdk/section.h"
#include "providers/sdk/service.h"

namespace poolshift::sdk {

// The secret called `name` in the manifest's `spec.secrets`. Nothing when there is none, or it
// cannot be used: a fault of `member` then.
std::optional<Secret> NamedSecret(const Configuration& configuration,
                                  Section& section,
                                  std::string_view member,
                                  const std::string& name);

}  // namespace poolshift::sdk
