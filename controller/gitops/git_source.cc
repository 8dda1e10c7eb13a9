#include "controller/gitops/git_source.h"

#include "controller/model/try.h"

namespace poolshift {

absl::StatusOr<GitSource> GitSource::Open(const World& world, GitProgram::Options options) {
  POOLSHIFT_ASSIGN(GitProgram git, GitProgram::Make(world, std::move(options)));
  return GitSource(Mirror(std::move(git)));
}

absl::StatusOr<Standing> GitSource::StandOn(const std::string& commit,
                                            const std::string& trust_commit) const {
  return poolshift::StandOn(mirror_, commit, trust_commit);
}

absl::StatusOr<Verdict> GitSource::Judge(const Standing& standing,
                                         const std::string& tip,
                                         absl::Time now) const {
  return poolshift::Judge(mirror_, standing, tip, now);
}

absl::StatusOr<Verdict> GitSource::JudgeFirst(const std::vector<CommitSigner>& signers,
                                              const std::string& tip,
                                              absl::Time now) const {
  return poolshift::JudgeFirst(mirror_, signers, tip, now);
}

absl::StatusOr<CommittedManifests> GitSource::Manifests(const std::string& commit) const {
  return ReadCommitManifests(mirror_, commit);
}

}  // namespace poolshift
