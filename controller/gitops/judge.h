// Judging: which commits of a declaration are believed (docs/git.md, Who is believed).
//
// A Standing is the last commit that was verified, and whom it says to believe from there on. Each
// commit on the way from it to the newest is judged by what the verified commit before it says, so
// that a commit which changes the signers is judged by the signers before. The first that is not
// believed stops the way: what was reached before it stands.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/federation/commit_trust.h"
#include "controller/gitops/commit_refusal.h"
#include "controller/gitops/mirror.h"

namespace poolshift {

struct Standing {
  std::string commit;        // verified
  std::string trust_commit;  // the commit whose declaration `trust` is; earlier than `commit` when
                             // that one's manifests have faults
  CommitTrust trust;
};

struct BelievedCommit {
  std::string id;
  std::string signer;  // "" when it is not signed and need not be
  std::string key;
};

struct Verdict {
  Standing reached;                      // where it stood before, when nothing was believed
  std::string tip;                       // what was asked about; `reached.commit` when all is well
  std::vector<BelievedCommit> believed;  // in the order of judging
  std::optional<CommitRefusal> refusal;
};

// Stands on a commit that somebody named. InvalidArgument when it is not in the mirror, or when its
// manifests cannot be read.
absl::StatusOr<Standing> StandOn(const Mirror& mirror, const std::string& commit);
// The same, with whom to believe taken from another commit (Standing::trust_commit).
absl::StatusOr<Standing> StandOn(const Mirror& mirror,
                                 const std::string& commit,
                                 const std::string& trust_commit);

// Judges every commit from where it stands to `tip`, at the time `now`.
absl::StatusOr<Verdict> Judge(const Mirror& mirror,
                              const Standing& standing,
                              const std::string& tip,
                              absl::Time now);

// Judges the newest commit alone, by signers that somebody named.
absl::StatusOr<Verdict> JudgeFirst(const Mirror& mirror,
                                   const std::vector<CommitSigner>& signers,
                                   const std::string& tip,
                                   absl::Time now);

}  // namespace poolshift
