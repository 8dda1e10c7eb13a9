// GitSource: a declaration in a git repository: what is the newest commit, is it believed, what
// does it declare. Whoever uses it keeps the Standing (two commit ids are enough) between runs.
//
//   GitSource source = ...Open(world, options);
//   std::string tip = source.Fetch();                    // Unavailable: the remote is away
//   Verdict verdict = source.Judge(standing, tip, now);  // a refusal is a value, not an error
//   CommittedManifests read = source.Manifests(verdict.reached.commit);
//
// Not thread-safe; one at a time on one folder.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/gitops/commit_manifests.h"
#include "controller/gitops/judge.h"
#include "controller/gitops/mirror.h"

namespace poolshift {

class GitSource {
 public:
  static absl::StatusOr<GitSource> Open(const World& world, GitProgram::Options options);

  // The newest commit of the branch or tag (mirror.h).
  absl::StatusOr<std::string> Fetch() { return mirror_.Fetch(); }

  // Trust (judge.h).
  absl::StatusOr<Standing> StandOn(const std::string& commit,
                                   const std::string& trust_commit) const;
  absl::StatusOr<Verdict> Judge(const Standing& standing,
                                const std::string& tip,
                                absl::Time now) const;
  absl::StatusOr<Verdict> JudgeFirst(const std::vector<CommitSigner>& signers,
                                     const std::string& tip,
                                     absl::Time now) const;

  // What a commit declares (commit_manifests.h).
  absl::StatusOr<CommittedManifests> Manifests(const std::string& commit) const;

  // Subject, author, trailers; whether one follows the other; commits between them.
  const Mirror& mirror() const { return mirror_; }
  const GitPlace& place() const { return mirror_.git().options().place; }

 private:
  explicit GitSource(Mirror mirror) : mirror_(std::move(mirror)) {}

  Mirror mirror_;
};

}  // namespace poolshift
