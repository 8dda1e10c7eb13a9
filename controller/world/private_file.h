// Opening a file that nobody else may read: a key, a password. Thread-safe.
#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "controller/world/descriptor.h"

namespace poolshift {

// Opened for reading, through no symbolic link. Errors, each with the path and what to do:
// NotFound; InvalidArgument when it is no regular file; PermissionDenied when it belongs to neither
// this user nor root, or when others can read or write it.
absl::StatusOr<Descriptor> OpenPrivateFile(const std::string& path);

}  // namespace poolshift
