// GitPlace: where a declaration stands in git: a repository, a branch or tag of it, a folder in it.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace poolshift {

struct GitPlace {
  enum class Scheme { kFile, kHttps, kSsh };
  Scheme scheme = Scheme::kFile;
  std::string url;     // as git takes it: "/srv/git/contoso.git", "ssh://git@host/contoso.git"
  std::string ref;     // "main", "v7", "refs/pull/3/head"; empty = the repository's own choice
  std::string folder;  // "organisations/contoso", without a slash at its ends; empty = the top
};

// Checks all three. `url` is an absolute path, file:///…, https://… or ssh://…; anything else is
// InvalidArgument, and so are a password or token inside it, control characters, and what git or
// ssh would take for an option or a program (`ext::`, a leading `-`).
absl::StatusOr<GitPlace> ReadGitPlace(std::string_view url,
                                      std::string_view ref,
                                      std::string_view folder);

// "file", "https", "ssh": the one protocol that git may speak for this place.
std::string_view ProtocolOf(const GitPlace& place);

// Whether `text` is a whole commit id: 40 or 64 hexadecimal digits in lower case.
bool IsCommitId(std::string_view text);

// The first 12 digits, for people.
std::string Abbreviated(std::string_view commit);

}  // namespace poolshift
