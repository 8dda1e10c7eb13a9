// Manifests that a verb takes from a commit instead of from files: for verbs that change nothing.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/cli/command.h"
#include "controller/engine/load.h"
#include "controller/gitops/commit_manifests.h"

namespace poolshift {

// --git, --ref, --folder, --ssh-key, --known-hosts, --base.
std::vector<OptionSpec> GitOptions();
// A verb's own options, and these after them.
std::vector<OptionSpec> WithGitOptions(std::vector<OptionSpec> own);

struct GitManifests {
  CommittedManifests read;
  std::string commit;          // its whole id
  std::string base_directory;  // where relative paths of the declaration begin
};

// Fetches into the state directory and reads the newest commit; says on stderr which that is.
// Nobody is asked whether it is signed. `paths` are those that were named beside it.
// InvalidArgument when the options do not go together, Unavailable when the repository does not
// answer.
absl::StatusOr<GitManifests> ReadFromGit(const Session& session,
                                         const Arguments& arguments,
                                         const std::vector<std::string>& paths,
                                         const std::string& state_directory);

// InvalidArgument for an option of GitOptions() that says nothing without --git.
absl::Status CheckGitOptions(const Arguments& arguments);

// The manifests alone, from `paths` or from git, for verbs that start no provider.
absl::StatusOr<LoadedOrganization> LoadDeclared(const Session& session,
                                                const Arguments& arguments,
                                                const std::vector<std::string>& paths);

}  // namespace poolshift
