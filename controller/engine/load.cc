#include "controller/engine/load.h"

#include <filesystem>
#include <iostream>
#include <iterator>

#include "absl/status/status.h"

#include "controller/engine/side_by_side.h"
#include "controller/manifest/print.h"
#include "controller/model/digest.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

class Collector {
 public:
  explicit Collector(Files& files) : files_(files) {}

  absl::Status Add(const std::string& path) {
    if (path == "-") {
      // One byte more than allowed is enough to know that it is too much.
      std::string content;
      for (std::istreambuf_iterator<char> at(std::cin), end;
           at != end && content.size() <= ManifestLimits::kFileBytes;
           ++at) {
        content += *at;
      }
      return Keep("-", std::move(content));
    }
    if (const auto names = files_.List(path); names.ok()) return AddDirectory(path, *names);
    auto content = files_.Read(path, ManifestLimits::kFileBytes);
    if (!content.ok()) return content.status();
    return Keep(path, *std::move(content));
  }

  ManifestTexts Take() { return std::move(texts_); }

 private:
  absl::Status AddDirectory(const std::string& path, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (name.empty() || name[0] == '.') continue;
      const std::string inner = path + '/' + name;
      if (IsManifestName(name)) {
        POOLSHIFT_TRY(Add(inner));
      } else if (const auto more = files_.List(inner); more.ok()) {
        POOLSHIFT_TRY(AddDirectory(inner, *more));
      }
    }
    return absl::OkStatus();
  }

  absl::Status Keep(const std::string& name, std::string content) {
    total_ += content.size();
    texts_.emplace_back(name, std::move(content));
    if (texts_.size() > ManifestLimits::kFiles || total_ > ManifestLimits::kTotalBytes) {
      return absl::InvalidArgumentError("too many manifests: at most " +
                                        std::to_string(ManifestLimits::kFiles) + " files and " +
                                        std::to_string(ManifestLimits::kTotalBytes >> 20U) +
                                        " MiB; name the folder of one organisation");
    }
    return absl::OkStatus();
  }

  Files& files_;
  ManifestTexts texts_;
  std::size_t total_ = 0;
};

// Parsing is pure and file by file, so every core takes the next file.
std::vector<ParsedFile> ParseAll(const ManifestTexts& texts) {
  std::vector<ParsedFile> parsed(texts.size());
  SideBySide(texts.size(),
             [&](std::size_t i) { parsed[i] = ParseManifest(texts[i].first, texts[i].second); });
  return parsed;
}

}  // namespace

absl::StatusOr<ManifestTexts> ReadManifests(Files& files, const std::vector<std::string>& paths) {
  Collector collector(files);
  for (const std::string& path : paths)
    POOLSHIFT_TRY(collector.Add(path));
  ManifestTexts texts = collector.Take();
  if (!texts.empty()) return texts;
  std::string where;
  for (const std::string& path : paths)
    where += (where.empty() ? "" : ", ") + path;
  return absl::InvalidArgumentError("no manifest (*.yaml, *.yml) in " + where +
                                    "; `poolshift init DIR` writes a first set");
}

LoadedOrganization ParseManifests(const ManifestTexts& texts) {
  return AssembleOrganization(ParseAll(texts));
}

absl::StatusOr<LoadedOrganization> LoadManifests(Files& files,
                                                 const std::vector<std::string>& paths) {
  POOLSHIFT_ASSIGN(const ManifestTexts texts, ReadManifests(files, paths));
  return ParseManifests(texts);
}

std::string GoalDigest(const Organization& organization) {
  return Digest(PrintManifest(organization));
}

std::string BaseDirectory(Files& files, const std::vector<std::string>& paths) {
  if (paths.empty() || paths.front() == "-") return std::filesystem::current_path().string();
  const std::filesystem::path first = std::filesystem::absolute(paths.front());
  return files.List(paths.front()).ok() ? first.string() : first.parent_path().string();
}

}  // namespace poolshift
