// Opening a secret, at the moment when it goes to its target.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"

#include "controller/model/secret_ref.h"
#include "controller/world/files.h"

namespace poolshift::notify {

// Without the line end of a file, which only its owner may read. Errors name the place, never the
// content.
absl::StatusOr<std::string> OpenSecret(
    const SecretRef& reference,
    Files& files,
    const std::function<std::string(const std::string&)>& environment);

}  // namespace poolshift::notify
