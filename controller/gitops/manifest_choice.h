// Which files of a commit are manifests, and what is refused among all that it holds. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/gitops/git_objects.h"

namespace poolshift {

// The entries that are manifests, in that order; `folder` is that of the place.
absl::StatusOr<std::vector<TreeEntry>> ChooseManifests(const std::string& commit,
                                                       const std::string& folder,
                                                       std::vector<TreeEntry> entries);

}  // namespace poolshift
