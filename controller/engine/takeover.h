// Taking over: from a controller that died, was cut off or is only paused. It may still have a
// write on its way, so the fence is raised everywhere before anything is looked at (guarantee G7).
#pragma once

#include <set>
#include <string>

#include "absl/status/statusor.h"

#include "controller/engine/run.h"

namespace poolshift {

// Raises the fence to the lease's token: at every provider when the lease displaces somebody,
// otherwise at those `concerned`. Afterwards the lease displaces nobody any more. Aborted when a
// provider has seen a greater token, or ours under another lease: somebody else is taking over. A
// provider that does not answer is an error, since an older controller could still write there; one
// that refuses our credentials, or has no fence, is remarked when somebody is displaced.
absl::Status RaiseFences(const RunContext& context,
                         const std::set<std::string>& concerned,
                         Lease& lease);

// The greatest token that any provider has seen.
absl::StatusOr<std::int64_t> GreatestTokenSeen(const RunContext& context);

// Takes the lease from whoever holds it, with a token greater than every one seen at the providers,
// raises the fences, settles what this store knows of earlier runs, and gives the lease back.
// On record with the reason.
absl::Status TakeOver(const RunOptions& options,
                      const RunContext& context,
                      const std::string& reason);

}  // namespace poolshift
