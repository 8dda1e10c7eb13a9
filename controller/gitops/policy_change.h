// A change of who is believed, where one signer alone may not make it (decision 37): what it
// changes, who has signed it, who has still to. Pure.
#pragma once

#include <set>
#include <string>

#include "absl/time/time.h"

#include "controller/federation/commit_trust.h"
#include "controller/gitops/commit_refusal.h"

namespace poolshift {

// The trailer by which a commit confirms a change: the whole id of the commit that made it.
inline constexpr char kConfirmTrailer[] = "Poolshift-Confirm";

// Whether both say the same, in the same file. `origin.file` is the path in the repository.
bool SameTrust(const CommitTrust& one, const CommitTrust& other);

// A change that waits.
struct PolicyChange {
  std::string commit;             // that made it, on the way that is judged
  CommitTrust trust;              // what shall hold
  std::set<std::string> signers;  // names of those who made or confirmed it
};

// Whether the signature counts for this change: whoever may not change the files that the policy
// stands in, before or after, cannot confirm what is in them either.
bool MayChangePolicy(const CommitSigner& signer,
                     const CommitTrust& before,
                     const CommitTrust& after);

// That the change is not in force. `before` is what is, by `trust_commit`.
CommitRefusal RefuseUnconfirmed(const PolicyChange& change,
                                const CommitTrust& before,
                                const std::string& trust_commit,
                                absl::Time now);

}  // namespace poolshift
