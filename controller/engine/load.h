// Load: manifest texts from files, directories and standard input, parsed on all cores.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/manifest/manifest.h"
#include "controller/world/files.h"

namespace poolshift {

// Every manifest under `paths`, in order, servers sorted by name; directories are read with their
// subdirectories. "-" is standard input. InvalidArgument when nothing was found, or when there is
// more than ManifestLimits allow.
absl::StatusOr<LoadedOrganization> LoadManifests(Files& files,
                                                 const std::vector<std::string>& paths);

// Where relative paths inside a declaration begin: the first path, or the folder that it is in.
std::string BaseDirectory(Files& files, const std::vector<std::string>& paths);

}  // namespace poolshift
