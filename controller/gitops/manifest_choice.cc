#include "controller/gitops/manifest_choice.h"

#include <algorithm>

#include "absl/status/status.h"

#include "controller/gitops/git_place.h"
#include "controller/manifest/manifest.h"
#include "controller/provider/lock_file.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

std::vector<std::string_view> PartsOf(std::string_view path) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = path.find('/');
    parts.push_back(path.substr(0, end));
    if (end == std::string_view::npos) return parts;
    path.remove_prefix(end + 1);
  }
}

bool IsGitFolder(std::string_view part) {
  return part.size() == 4 && part[0] == '.' && (part[1] | 0x20) == 'g' && (part[2] | 0x20) == 'i' &&
         (part[3] | 0x20) == 't';
}

// What is wrong with a path, or "".
std::string PathFault(std::string_view path) {
  if (SafeText(path) != path)
    return "its name has control characters, hidden characters or bytes that are not UTF-8";
  for (const std::string_view part : PartsOf(path)) {
    if (part.empty() || part == "." || part == ".." || IsGitFolder(part) ||
        part.find('\\') != std::string_view::npos) {
      return "a part of its name is `" + std::string(part) + "`, which would lead elsewhere";
    }
  }
  return "";
}

std::string EntryFault(const TreeEntry& entry, bool is_read) {
  std::string fault = PathFault(entry.path);
  if (!fault.empty()) return fault;
  if (entry.mode == "120000") return "it is a symbolic link, and links are never followed";
  if (entry.mode == "160000") return "it is a submodule, and submodules are never read";
  if (!is_read) return "";
  if (entry.mode == "100755") return "it is executable; what is read never is (`chmod -x`)";
  if (entry.mode != "100644") return "its mode is " + SafeText(entry.mode) + ", not 100644";
  if (entry.size > ManifestLimits::kFileBytes) {
    return "it has " + std::to_string(entry.size) + " bytes; at most " +
           std::to_string(ManifestLimits::kFileBytes >> 20U) + " MiB are read";
  }
  return "";
}

absl::Status TwiceThere(const std::string& commit, const TreeEntry& entry) {
  return absl::InvalidArgumentError(Abbreviated(commit) + ':' + entry.path +
                                    ": it is twice there; find out who made this commit, and how");
}

// As for a folder on disk: nothing hidden, and no other names.
bool IsManifestPath(std::string_view path) {
  const std::vector<std::string_view> parts = PartsOf(path);
  const bool hidden = std::any_of(
      parts.begin(), parts.end(), [](std::string_view part) { return part.starts_with('.'); });
  return !hidden && IsManifestName(parts.back());
}

}  // namespace

absl::StatusOr<ChosenFiles> ChooseFiles(const std::string& commit,
                                        const std::string& folder,
                                        std::vector<TreeEntry> entries) {
  ChosenFiles files;
  std::vector<TreeEntry>& chosen = files.manifests;
  std::uint64_t total = 0;
  for (TreeEntry& entry : entries) {
    const bool manifest = IsManifestPath(entry.path);
    const bool lock = entry.path == kLockFileName;
    if (!folder.empty()) entry.path.insert(0, folder + '/');
    const std::string fault = EntryFault(entry, manifest || lock);
    if (!fault.empty()) {
      return absl::InvalidArgumentError(Abbreviated(commit) + ':' + SafeText(entry.path) + ": " +
                                        fault);
    }
    if (lock && files.lock.has_value()) return TwiceThere(commit, entry);
    if (lock) files.lock = std::move(entry);
    if (!manifest) continue;
    total += entry.size;
    chosen.push_back(std::move(entry));
  }
  if (chosen.size() > ManifestLimits::kFiles || total > ManifestLimits::kTotalBytes) {
    return absl::InvalidArgumentError(
        Abbreviated(commit) + ": " + std::to_string(chosen.size()) + " manifests with " +
        std::to_string(total) + " bytes; at most " + std::to_string(ManifestLimits::kFiles) +
        " files and " + std::to_string(ManifestLimits::kTotalBytes >> 20U) +
        " MiB are read; name the folder of one organisation");
  }
  std::sort(chosen.begin(), chosen.end(), [](const TreeEntry& one, const TreeEntry& other) {
    return PartsOf(one.path) < PartsOf(other.path);
  });
  const auto twice = std::adjacent_find(
      chosen.begin(), chosen.end(), [](const TreeEntry& one, const TreeEntry& other) {
        return one.path == other.path;
      });
  if (twice != chosen.end()) return TwiceThere(commit, *twice);
  return files;
}

}  // namespace poolshift
