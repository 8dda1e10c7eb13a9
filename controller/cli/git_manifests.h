// Manifests that a verb takes from a commit instead of from files: for verbs that change nothing.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/cli/command.h"
#include "controller/engine/load.h"

namespace poolshift {

// --git, --ref, --folder, --ssh-key, --known-hosts, --base.
std::vector<OptionSpec> GitOptions();

struct GitManifests {
  ManifestTexts texts;
  std::string commit;          // its whole id
  std::string base_directory;  // where relative paths of the declaration begin
};

// Fetches into the state directory and reads the newest commit; says on stderr which that is.
// Nobody is asked whether it is signed. InvalidArgument when the options do not go together,
// Unavailable when the repository does not answer.
absl::StatusOr<GitManifests> ReadFromGit(Session& session,
                                         const Arguments& arguments,
                                         const std::string& state_directory);

}  // namespace poolshift
