#include "controller/world/commit.h"

#include <filesystem>
#include <optional>
#include <string_view>

namespace poolshift {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSmallFile = 4096;
constexpr std::size_t kPackedRefs = std::size_t{16} << 20U;

std::optional<std::string> FirstLine(Files& files, const fs::path& path) {
  const auto content = files.Read(path.string(), kSmallFile);
  if (!content.ok()) return std::nullopt;
  return content->substr(0, content->find('\n'));
}

bool IsHash(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Names of refs come from a file: they lead nowhere but into the repository.
bool IsRef(std::string_view name) {
  return name.starts_with("refs/") && name.find("..") == std::string_view::npos;
}

std::string PackedRef(Files& files, const fs::path& common, const std::string& name) {
  const auto packed = files.Read((common / "packed-refs").string(), kPackedRefs);
  if (!packed.ok()) return "";
  const std::size_t at = packed->find(' ' + name + '\n');
  if (at == std::string::npos) return "";
  const std::size_t line = packed->rfind('\n', at);
  const std::size_t begin = line == std::string::npos ? 0 : line + 1;
  return packed->substr(begin, at - begin);
}

std::string HeadOf(Files& files, const fs::path& repository) {
  const auto head = FirstLine(files, repository / "HEAD");
  if (!head.has_value()) return "";
  if (IsHash(*head)) return *head;
  constexpr std::string_view kRef = "ref: ";
  if (!head->starts_with(kRef)) return "";
  const std::string name = head->substr(kRef.size());
  if (!IsRef(name)) return "";
  // A linked work tree has a HEAD of its own; branches are the main repository's.
  const auto shared = FirstLine(files, repository / "commondir");
  const fs::path common = shared.has_value() ? repository / *shared : repository;
  const auto loose = FirstLine(files, common / name);
  const std::string hash = loose.has_value() ? *loose : PackedRef(files, common, name);
  return IsHash(hash) ? hash : "";
}

}  // namespace

std::string CommitOf(Files& files, const std::string& folder) {
  std::error_code error;
  fs::path place = fs::weakly_canonical(folder, error);
  if (error) return "";
  while (true) {
    const fs::path git = place / ".git";
    constexpr std::string_view kLink = "gitdir: ";
    const auto link = FirstLine(files, git);
    if (link.has_value() && link->starts_with(kLink))
      return HeadOf(files, place / link->substr(kLink.size()));
    if (files.List(git.string()).ok()) return HeadOf(files, git);
    if (!place.has_relative_path()) return "";
    place = place.parent_path();
  }
}

}  // namespace poolshift
