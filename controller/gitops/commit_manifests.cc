#include "controller/gitops/commit_manifests.h"

#include "absl/status/status.h"

#include "controller/gitops/manifest_choice.h"
#include "controller/model/try.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

constexpr std::size_t kMostListed = 64U << 20U;  // bytes of the list of files

}  // namespace

absl::StatusOr<CommittedManifests> ReadCommitManifests(const Mirror& mirror,
                                                       const std::string& commit) {
  const std::string& folder = mirror.git().options().place.folder;
  if (!IsCommitId(commit)) return absl::InvalidArgumentError("no commit id: " + SafeText(commit));
  POOLSHIFT_ASSIGN(
      const Answer listed,
      mirror.git().Run(
          {{"ls-tree", "-r", "-l", "-z", "--full-tree", commit + ':' + folder}, "", kMostListed}));
  if (!listed.ExitedWith(0)) {
    return absl::InvalidArgumentError(Abbreviated(commit) + " has no folder `" + folder +
                                      "`: " + GitReason(listed));
  }
  POOLSHIFT_ASSIGN(std::vector<TreeEntry> entries, ReadTreeListing(listed.output));
  POOLSHIFT_ASSIGN(ChosenFiles files, ChooseFiles(commit, folder, std::move(entries)));
  if (files.manifests.empty()) {
    return absl::InvalidArgumentError(Abbreviated(commit) + ": no manifest (*.yaml, *.yml) in `" +
                                      (folder.empty() ? "/" : folder) + '`');
  }
  std::vector<TreeEntry> chosen = std::move(files.manifests);
  if (files.lock.has_value()) chosen.push_back(*files.lock);
  std::vector<std::string> objects;
  std::string input;
  std::size_t total = 0;
  for (const TreeEntry& entry : chosen) {
    objects.push_back(entry.object);
    input += entry.object + '\n';
    total += entry.size + 128;
  }
  POOLSHIFT_ASSIGN(const std::string batch,
                   mirror.git().Output({{"cat-file", "--batch"}, input, total}));
  POOLSHIFT_ASSIGN(std::vector<std::string> contents, ReadBatch(batch, objects));
  CommittedManifests read;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    read.texts.emplace_back(Abbreviated(commit) + ':' + chosen[i].path, std::move(contents[i]));
  if (files.lock.has_value()) {
    read.lock = std::move(read.texts.back());
    read.texts.pop_back();
  }
  return read;
}

}  // namespace poolshift
