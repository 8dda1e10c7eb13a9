// Load: manifest texts from files, directories and standard input, parsed on all cores.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/manifest/manifest.h"
#include "controller/world/files.h"

namespace poolshift {

// Name and text of each manifest, in the order in which they are read.
using ManifestTexts = std::vector<std::pair<std::string, std::string>>;

// Name and text of the lock file that stands beside them (lock_file.h), when they were not read
// from a folder.
using LockText = std::pair<std::string, std::string>;

// Every manifest under `paths`, in order, servers sorted by name; directories are read with their
// subdirectories. "-" is standard input. InvalidArgument when nothing was found, or when there is
// more than ManifestLimits allow.
absl::StatusOr<ManifestTexts> ReadManifests(Files& files, const std::vector<std::string>& paths);
LoadedOrganization ParseManifests(const ManifestTexts& texts);
// Both.
absl::StatusOr<LoadedOrganization> LoadManifests(Files& files,
                                                 const std::vector<std::string>& paths);

// SHA-256 of a declaration, whatever its layout: what an approval of a run that was interrupted is
// bound to.
std::string GoalDigest(const Organization& organization);

// Where relative paths inside a declaration begin: the first path, or the folder that it is in.
std::string BaseDirectory(Files& files, const std::vector<std::string>& paths);

}  // namespace poolshift
