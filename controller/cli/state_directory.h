// Where the state of an organisation is kept: never in the tree of its manifests (docs/cli.md,
// "State").
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/cli/command.h"

namespace poolshift {

// The paths that a verb works on: its words after the first `others`, or the current folder. Empty
// when none is given and --git names the manifests.
std::vector<std::string> PathsOf(const Arguments& arguments, std::size_t others = 0);

// --state-dir, or a folder of its own for these paths, or without any for the branch that --git
// names, under $XDG_STATE_HOME/poolshift or ~/.local/state/poolshift: the folder's name, and a
// digest of where the manifests stand. It need not exist. FailedPrecondition when there is neither
// variable.
absl::StatusOr<std::string> StateDirectory(const Session& session,
                                           const Arguments& arguments,
                                           const std::vector<std::string>& paths);

}  // namespace poolshift
