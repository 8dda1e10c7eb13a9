// GitDeclarations: the declaration in force, from a git repository: the newest commit that is
// believed. What was verified is kept in one file, so that a restart needs no first trust again.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/gitops/declaration_source.h"
#include "controller/gitops/git_source.h"

namespace poolshift {

// Whom to believe before anything was verified; exactly one of the three.
struct FirstTrust {
  std::string commit = {};                 // a commit that somebody looked at
  std::vector<CommitSigner> signers = {};  // who may have signed the newest one
  bool unsigned_commits = false;           // whoever may push is believed; history still only grows
};

class GitDeclarations final : public DeclarationSource {
 public:
  struct Options {
    GitProgram::Options git;
    FirstTrust trust;
    std::string state_directory;
    std::string base_directory;  // where relative paths of the declaration begin
  };
  static absl::StatusOr<std::unique_ptr<GitDeclarations>> Open(const World& world, Options options);

  Sighting Look(absl::Time now) override;
  std::string Description() const override;

 private:
  GitDeclarations(const World& world, Options options, GitSource source);

  absl::Status Follow(absl::Time now, Sighting& sighting);
  absl::Status StandOnKept();
  absl::Status Stand(const std::string& tip, absl::Time now, Sighting& sighting);
  absl::Status FollowUnsigned(const std::string& tip, Sighting& sighting);
  absl::Status Keep();
  absl::Status Reach(Verdict& verdict);
  absl::Status Take(const std::vector<BelievedCommit>& believed, Sighting& sighting);
  absl::Status Agreements(const std::vector<BelievedCommit>& believed, Sighting& sighting) const;

  const World world_;
  const Options options_;
  GitSource source_;
  std::optional<Standing> standing_;
  std::string kept_;         // what the file says
  std::string last_signer_;  // of the commit that was believed last
  std::shared_ptr<const Declaration> newest_;
};

}  // namespace poolshift
