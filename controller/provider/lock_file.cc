#include "controller/provider/lock_file.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "controller/model/try.h"
#include "controller/provider/printable.h"

namespace poolshift {
namespace {

constexpr std::size_t kLargest = 1U << 20U;
constexpr std::string_view kHead =
    "# Provider programs, pinned by the SHA-256 of their content. Written by `poolshift provider "
    "lock`.\n";

bool IsDigest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

absl::StatusOr<LockFile> LockFile::Parse(std::string_view text, std::string path) {
  LockFile lock(std::move(path));
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string type, digest, more;
    words >> type >> digest >> more;
    const std::string where = lock.path_ + ':' + std::to_string(number) + ": ";
    if (!IsDigest(digest) || !more.empty()) {
      return absl::InvalidArgumentError(where + "`" + Printable(line) +
                                        "` is no pin: write a provider type and its SHA-256");
    }
    if (!lock.digests_.emplace(type, digest).second) {
      return absl::InvalidArgumentError(where + "provider `" + Printable(type) +
                                        "` is pinned twice");
    }
  }
  return lock;
}

absl::StatusOr<std::optional<LockFile>> LockFile::Load(Files& files, const std::string& directory) {
  const std::string path = directory + '/' + kLockFileName;
  const absl::StatusOr<std::string> text = files.Read(path, kLargest);
  std::optional<LockFile> lock;
  if (absl::IsNotFound(text.status())) return lock;
  if (!text.ok()) return text.status();
  POOLSHIFT_ASSIGN(lock, Parse(*text, path));
  return lock;
}

absl::Status LockFile::Check(const PluginProgram& program) const {
  const auto pinned = digests_.find(program.type);
  if (pinned == digests_.end()) {
    return absl::PermissionDeniedError("provider program `" + program.type + "` is not pinned in " +
                                       path_ + "; " + program.path + " has SHA-256 " +
                                       program.digest.get() +
                                       "; if you trust it, run `poolshift provider lock`");
  }
  if (pinned->second == program.digest.get()) return absl::OkStatus();
  return absl::PermissionDeniedError(
      "provider program `" + program.type + "` is not the pinned one: " + path_ + " says SHA-256 " +
      pinned->second + ", and " + program.path + " has " + program.digest.get() +
      "; if it was upgraded on purpose, run `poolshift provider lock`, otherwise find out who "
      "replaced it");
}

std::string LockFile::Text() const {
  std::string text(kHead);
  for (const auto& [type, digest] : digests_)
    text += type + ' ' + digest + '\n';
  return text;
}

absl::Status LockFile::Save(Files& files) const { return files.Replace(path_, Text(), 0644); }

}  // namespace poolshift
