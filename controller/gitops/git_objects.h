// What git prints about its objects, read by hand: lists of files, contents, refs. Pure; the text
// comes from git, which read it from a repository of somebody else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace poolshift {

struct TreeEntry {
  std::string mode;  // "100644" a file, "100755", "120000" a symbolic link, "160000" a submodule
  std::string object;
  std::uint64_t size = 0;  // of a file or link
  std::string path;        // any bytes but NUL
};

// Of `git ls-tree -r -l -z`. Internal when the text is not of that form.
absl::StatusOr<std::vector<TreeEntry>> ReadTreeListing(std::string_view text);

// The contents of `objects`, of `git cat-file --batch`. Internal when one is missing, is no blob,
// or the text is not of that form.
absl::StatusOr<std::vector<std::string>> ReadBatch(std::string_view text,
                                                   const std::vector<std::string>& objects);

struct RemoteRef {
  std::string object, name;
};

// Of `git ls-remote`; lines that are no ref are left out.
std::vector<RemoteRef> ReadRemoteRefs(std::string_view text);

struct CommitRecord {
  std::string id;
  std::vector<std::string> parents;
};

// What a person reads of a commit. Any bytes, as their author wrote them.
struct CommitMessage {
  std::string id;
  std::string author;  // "Alice Example <alice@contoso.com>"
  absl::Time committed_at;
  std::string subject;
  std::vector<std::pair<std::string, std::string>> trailers;  // "Poolshift-Approve", "4f2a…"
};

// Of `git rev-list --parents`. Internal when the text is not of that form.
absl::StatusOr<std::vector<CommitRecord>> ReadCommitRecords(std::string_view text);

// What is asked of `git log` for ReadCommitMessage().
inline constexpr char kMessageFormat[] = "--format=%an <%ae>%n%ct%n%s%n%(trailers:only,unfold)";
// Internal when the text is not of that form.
absl::StatusOr<CommitMessage> ReadCommitMessage(const std::string& commit, std::string_view text);

// Parts of a text that ends each with NUL.
std::vector<std::string> NulParts(std::string_view text);
// Lines, without their ends.
std::vector<std::string> LinesOf(std::string_view text);

}  // namespace poolshift
