// A folder of manifests that a verb writes.
#pragma once

#include <map>
#include <string>

#include "absl/status/status.h"

#include "controller/cli/session.h"

namespace poolshift {

// Whether `folder` is empty or not there yet; InvalidArgument otherwise: nothing that exists is
// overwritten.
absl::Status CheckFolderIsFree(Session& session, const std::string& folder);

// Writes the files, by name, to a folder that is free, and prints their paths.
absl::Status WriteFolder(Session& session,
                         const std::string& folder,
                         const std::map<std::string, std::string>& files);

}  // namespace poolshift
