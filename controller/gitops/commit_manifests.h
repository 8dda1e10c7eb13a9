// The manifests of a commit, read from git's objects: nothing is checked out, nothing is run, no
// link is followed.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "controller/engine/load.h"
#include "controller/gitops/mirror.h"

namespace poolshift {

struct CommittedManifests {
  ManifestTexts texts;
  std::optional<LockText> lock;  // poolshift.lock beside them; nothing: there is none
};

// The manifests in the place's folder, in the order in which those of a folder on disk are read.
// Each is named "COMMIT:PATH" with the commit's first 12 digits, so that a fault's place reads
// `4f2a9c1b03de:sites/berlin.yaml:3:5` and `git show 4f2a9c1b03de:sites/berlin.yaml` shows it.
// InvalidArgument, naming commit and path, for a link, a submodule, a manifest that is executable,
// a name with control characters or `..`, and for more than ManifestLimits allow.
absl::StatusOr<CommittedManifests> ReadCommitManifests(const Mirror& mirror,
                                                       const std::string& commit);

}  // namespace poolshift
