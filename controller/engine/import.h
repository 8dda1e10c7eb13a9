// Import: from the providers of a seed to manifests, read again and planned, so that what they are
// worth is known before anybody commits them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/engine/workspace.h"
#include "controller/model/diagnostics.h"
#include "controller/model/plan.h"

namespace poolshift {

struct ImportedManifests {
  Organization organization;
  std::string text;                          // all of it, in one
  std::map<std::string, std::string> files;  // the same by file name
  int remarks = 0;                           // comments in it that wait for a person
  std::vector<std::string> silent;           // providers that cannot list what there is
  std::vector<std::string> undecided;        // which pool hosts what, where that cannot be told
  Diagnostics diagnostics;                   // of `text`; with errors there is no `plan`
  Plan plan;                                 // what planning it would do now; empty at rest
};

// `workspace` is that of the seed, and is not changed. FailedPrecondition when no provider can
// list; other errors name the provider.
absl::StatusOr<ImportedManifests> ImportManifests(Workspace& workspace);

}  // namespace poolshift
