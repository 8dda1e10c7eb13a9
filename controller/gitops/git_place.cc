#include "controller/gitops/git_place.h"

#include <algorithm>

#include "absl/status/status.h"

#include "controller/model/try.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

absl::Status Bad(std::string_view what, std::string_view text, const std::string& why) {
  return absl::InvalidArgumentError(std::string(what) + " `" + SafeText(text) + "`: " + why);
}

bool HasOddCharacters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte <= 0x20 || byte == 0x7F || letter == '\\' || letter == '"';
  });
}

bool IsHostLetter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '.' || letter == '-' || letter == '_';
}

bool IsPlainName(std::string_view text) {
  return !text.empty() && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), IsHostLetter);
}

bool IsPort(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), [](char digit) {
    return digit >= '0' && digit <= '9';
  });
}

// "host", "host:22", "[::1]:22".
bool IsHost(std::string_view text) {
  if (!text.empty() && text.front() == '[') {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    const std::string_view address = text.substr(1, end - 1);
    if (address.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos)
      return false;
    text.remove_prefix(end + 1);
    return !address.empty() && (text.empty() || (text.front() == ':' && IsPort(text.substr(1))));
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return IsPlainName(text);
  return IsPlainName(text.substr(0, colon)) && IsPort(text.substr(colon + 1));
}

// What stands after "https://" or "ssh://".
absl::Status CheckFarPlace(std::string_view url, std::string_view rest, bool user_allowed) {
  const std::string_view authority = rest.substr(0, rest.find('/'));
  if (rest.size() <= authority.size() + 1) return Bad("repository", url, "it names no repository");
  if (rest.find_first_of("?#") != std::string_view::npos)
    return Bad("repository", url, "`?` and `#` have no place in it");
  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos) {
    if (IsHost(authority)) return absl::OkStatus();
    return Bad("repository", url, "it names no host");
  }
  // Neither is shown: what stands before `@` may be a secret.
  if (!user_allowed || authority.substr(0, at).find(':') != std::string_view::npos) {
    return absl::InvalidArgumentError(
        "repository: a user, password or token has no place in its URL, which is shown in logs "
        "and plans; leave out what stands before `@`");
  }
  if (IsPlainName(authority.substr(0, at)) && IsHost(authority.substr(at + 1)))
    return absl::OkStatus();
  return Bad("repository", url, "it names no host");
}

absl::Status CheckUrl(std::string_view url, GitPlace& place) {
  if (url.empty() || HasOddCharacters(url)) {
    return Bad(
        "repository", url, "it is empty, or has spaces, control characters, quotes or backslashes");
  }
  place.url = std::string(url);
  if (url.starts_with("https://")) {
    place.scheme = GitPlace::Scheme::kHttps;
    return CheckFarPlace(url, url.substr(8), /*user_allowed=*/false);
  }
  if (url.starts_with("ssh://")) {
    place.scheme = GitPlace::Scheme::kSsh;
    return CheckFarPlace(url, url.substr(6), /*user_allowed=*/true);
  }
  if (url.starts_with("file://")) {
    if (url.find('%') != std::string_view::npos)
      return Bad("repository", url, "write the path itself, without `%`");
    place.url = std::string(url.substr(7));
  }
  if (place.url.starts_with('/')) return absl::OkStatus();
  return Bad("repository",
             url,
             "it must be an absolute path or begin with file:///, https:// or ssh:// (for "
             "`git@host:path` write `ssh://git@host/path`)");
}

// What git-check-ref-format(1) allows, and no more than one name.
absl::Status CheckRef(std::string_view ref) {
  if (ref.empty()) return absl::OkStatus();
  const bool odd = HasOddCharacters(ref) || ref.front() == '-' || ref.front() == '/' ||
                   ref.back() == '/' || ref.back() == '.' || ref.ends_with(".lock") ||
                   ref.find_first_of("~^:?*[") != std::string_view::npos ||
                   ref.find("..") != std::string_view::npos ||
                   ref.find("//") != std::string_view::npos ||
                   ref.find("/.") != std::string_view::npos || ref.front() == '.' ||
                   ref.find("@{") != std::string_view::npos || ref == "@";
  return odd ? Bad("ref", ref, "it is no name of a branch or tag") : absl::OkStatus();
}

absl::Status CheckFolder(std::string_view folder) {
  for (std::string_view rest = folder; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find('/'));
    const bool odd = part.empty() || part == "." || part == ".." || SafeText(part) != part ||
                     part.find('\\') != std::string_view::npos;
    if (odd) {
      return Bad("folder",
                 folder,
                 "write it from the top of the repository, without `..`, such as "
                 "`organisations/contoso`");
    }
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<GitPlace> ReadGitPlace(std::string_view url,
                                      std::string_view ref,
                                      std::string_view folder) {
  GitPlace place;
  POOLSHIFT_TRY(CheckUrl(url, place));
  POOLSHIFT_TRY(CheckRef(ref));
  if (folder == ".") folder = "";
  while (folder.size() > 1 && folder.back() == '/')
    folder.remove_suffix(1);
  POOLSHIFT_TRY(CheckFolder(folder));
  place.ref = std::string(ref);
  place.folder = std::string(folder);
  return place;
}

std::string_view ProtocolOf(const GitPlace& place) {
  if (place.scheme == GitPlace::Scheme::kHttps) return "https";
  return place.scheme == GitPlace::Scheme::kSsh ? "ssh" : "file";
}

bool IsCommitId(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string Abbreviated(std::string_view commit) {
  return std::string(commit.substr(0, std::min<std::size_t>(commit.size(), 12)));
}

}  // namespace poolshift
