#include "controller/gitops/authorship.h"

#include <set>

#include "controller/model/try.h"

namespace poolshift {
namespace {

using Paths = std::set<std::string>;

absl::StatusOr<Paths> Changed(const Mirror& mirror,
                              const std::string& from,
                              const std::string& to) {
  POOLSHIFT_ASSIGN(std::vector<std::string> paths, mirror.ChangedPaths(from, to));
  return Paths(std::make_move_iterator(paths.begin()), std::make_move_iterator(paths.end()));
}

// What `parent` changed since it and `other` went apart; with several such places, since any.
// Without one it is all that it has.
absl::StatusOr<Paths> ChangedSinceApart(const Mirror& mirror,
                                        const std::string& parent,
                                        const std::string& other) {
  POOLSHIFT_ASSIGN(const std::vector<std::string> bases, mirror.MergeBases(parent, other));
  if (bases.empty()) return Changed(mirror, "", parent);
  Paths all;
  for (const std::string& base : bases) {
    POOLSHIFT_ASSIGN(Paths paths, Changed(mirror, base, parent));
    all.merge(paths);
  }
  return all;
}

class Merge {
 public:
  Merge(const Mirror& mirror, const CommitRecord& commit) : mirror_(mirror), commit_(commit) {}

  absl::StatusOr<Paths> Own() {
    for (const std::string& parent : commit_.parents) {
      POOLSHIFT_ASSIGN(Paths paths, Changed(mirror_, parent, commit_.id));
      changed_.push_back(std::move(paths));
    }
    Paths own;
    for (std::size_t i = 0; i < commit_.parents.size(); ++i) {
      Paths open = changed_[i];
      for (std::size_t j = 0; j < commit_.parents.size() && !open.empty(); ++j)
        if (j != i) POOLSHIFT_TRY(TakeOutWhatCameOf(i, j, open));
      own.merge(open);
    }
    return own;
  }

 private:
  // Of the paths where the merge differs from parent `i`: those that it has as parent `j` does,
  // which had changed them while `i` had not.
  absl::Status TakeOutWhatCameOf(std::size_t i, std::size_t j, Paths& open) {
    POOLSHIFT_ASSIGN(const Paths touched,
                     ChangedSinceApart(mirror_, commit_.parents[i], commit_.parents[j]));
    std::erase_if(open, [&](const std::string& path) {
      return changed_[j].count(path) == 0 && touched.count(path) == 0;
    });
    return absl::OkStatus();
  }

  const Mirror& mirror_;
  const CommitRecord& commit_;
  std::vector<Paths> changed_;  // of the merge against each parent
};

}  // namespace

absl::StatusOr<std::vector<std::string>> PathsToAnswerFor(const Mirror& mirror,
                                                          const CommitRecord& commit) {
  Paths paths;
  if (commit.parents.size() > 1) {
    POOLSHIFT_ASSIGN(paths, Merge(mirror, commit).Own());
  } else {
    const std::string parent = commit.parents.empty() ? "" : commit.parents.front();
    POOLSHIFT_ASSIGN(paths, Changed(mirror, parent, commit.id));
  }
  return std::vector<std::string>(paths.begin(), paths.end());
}

}  // namespace poolshift
