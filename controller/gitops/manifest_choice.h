// Which files of a commit are manifests, and what is refused among all that it holds. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/gitops/git_objects.h"

namespace poolshift {

struct ChosenFiles {
  std::vector<TreeEntry> manifests;  // in the order in which those of a folder on disk are read
  std::optional<TreeEntry> lock;     // poolshift.lock at the top of the folder
};

// Of all that a commit holds in `folder`, which is that of the place, what is read.
// InvalidArgument, naming commit and path, when something there may not be.
absl::StatusOr<ChosenFiles> ChooseFiles(const std::string& commit,
                                        const std::string& folder,
                                        std::vector<TreeEntry> entries);

}  // namespace poolshift
