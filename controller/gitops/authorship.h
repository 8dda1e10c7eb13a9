// Which files a commit's signer answers for.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/gitops/mirror.h"

namespace poolshift {

// A commit with one parent: the paths that it changes; one without: all of its paths. A merge: the
// paths where it is not simply what came of its parents, that is those that differ from a parent
// unless another parent has the same and the first had not touched it since the two went apart. So
// a merge can neither bring something of its own nor take back, under the cover of merging, what
// another signer changed. Sorted.
absl::StatusOr<std::vector<std::string>> PathsToAnswerFor(const Mirror& mirror,
                                                          const CommitRecord& commit);

}  // namespace poolshift
