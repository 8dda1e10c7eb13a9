// Mirror: the commits of a repository, fetched into a bare repository of ours, and questions about
// them. It decides nothing about trust (judge.h).
//
// Errors: Unavailable, with git's reason, when the remote is away or too slow; NotFound when it has
// no such ref; InvalidArgument when what it sent is broken. Not thread-safe.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/gitops/git_objects.h"
#include "controller/gitops/git_program.h"

namespace poolshift {

class Mirror {
 public:
  static constexpr std::size_t kMostCommits = 10'000;  // between two looks

  explicit Mirror(GitProgram git) : git_(std::move(git)) {}

  // The newest commit of the ref, fetched. When the remote has nothing new, no object is asked for.
  absl::StatusOr<std::string> Fetch();

  // Whether the mirror has this commit.
  absl::StatusOr<bool> Has(const std::string& commit) const;
  // Whether `commit` is `ancestor` or comes after it. Both are in the mirror.
  absl::StatusOr<bool> Descends(const std::string& commit, const std::string& ancestor) const;
  // Commits that `to` has and `from` has not, parents before children.
  absl::StatusOr<std::vector<CommitRecord>> Between(const std::string& from,
                                                    const std::string& to) const;
  absl::StatusOr<std::vector<std::string>> MergeBases(const std::string& one,
                                                      const std::string& other) const;
  // Paths that differ, also in mode; a file that moved is two. With `from` empty: every file.
  absl::StatusOr<std::vector<std::string>> ChangedPaths(const std::string& from,
                                                        const std::string& to) const;
  absl::StatusOr<CommitMessage> Message(const std::string& commit) const;

  // Keeps a commit in the mirror whatever becomes of its branch.
  absl::Status Keep(const std::string& commit) const;

  const GitProgram& git() const { return git_; }

 private:
  absl::StatusOr<std::string> FindRef(std::string& object) const;
  absl::Status FetchRef(const std::string& ref, const std::string& seen) const;

  GitProgram git_;
};

}  // namespace poolshift
