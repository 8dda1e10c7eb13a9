#include "controller/engine/reading.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "controller/model/try.h"

namespace poolshift {
namespace {

absl::Status Invalid(const std::string& text) { return absl::InvalidArgumentError(text); }

// Whether the first line that says something begins a world file.
bool IsWorldText(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const bool says_nothing = line.find_first_not_of(" \t\r") == std::string_view::npos ||
                              line.starts_with('#') || line.starts_with("---");
    if (!says_nothing) return line.starts_with("world:");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

class Reader {
 public:
  Reader(Files& files, std::string_view standard_input)
      : files_(files), standard_input_(standard_input) {}

  absl::Status AddPath(const std::string& path) {
    if (path == "-") return Take(path, std::string(standard_input_));
    const absl::StatusOr<std::vector<std::string>> names = files_.List(path);
    if (!names.ok()) return AddFile(path, /*named=*/true);
    const std::string folder = path == "." ? "" : path + (path.ends_with('/') ? "" : "/");
    for (const std::string& name : *names) {
      if (IsManifestName(name)) POOLSHIFT_TRY(AddFile(folder + name, /*named=*/false));
    }
    return absl::OkStatus();
  }

  std::vector<ManifestText> TakeTexts() { return std::move(texts_); }

 private:
  absl::Status AddFile(const std::string& path, bool named) {
    if (!names_.insert(path).second) return absl::OkStatus();
    absl::StatusOr<std::string> text = files_.Read(path, ManifestLimits::kFileBytes);
    if (!text.ok()) return Invalid(std::string(text.status().message()));
    if (!named && IsWorldText(*text)) return absl::OkStatus();
    return Take(path, *std::move(text));
  }

  absl::Status Take(const std::string& name, std::string text) {
    bytes_ += text.size();
    texts_.push_back({name, std::move(text)});
    if (texts_.size() > ManifestLimits::kFiles) {
      return Invalid("more than " + std::to_string(ManifestLimits::kFiles) + " manifest files");
    }
    if (bytes_ > ManifestLimits::kTotalBytes) {
      return Invalid("the manifests are larger than " +
                     std::to_string(ManifestLimits::kTotalBytes >> 20U) + " MiB together");
    }
    return absl::OkStatus();
  }

  Files& files_;
  std::string_view standard_input_;
  std::set<std::string> names_;
  std::vector<ManifestText> texts_;
  std::size_t bytes_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<ManifestText>> ReadManifestTexts(Files& files,
                                                            const std::vector<std::string>& paths,
                                                            std::string_view standard_input) {
  Reader reader(files, standard_input);
  for (const std::string& path : paths)
    POOLSHIFT_TRY(reader.AddPath(path));
  std::vector<ManifestText> texts = reader.TakeTexts();
  if (!texts.empty()) return texts;
  std::string places;
  for (const std::string& path : paths)
    places += (places.empty() ? "" : ", ") + path;
  return Invalid("no manifests in " + places + "; `poolshift init DIR` writes some to begin with");
}

LoadedOrganization LoadOrganization(const std::vector<ManifestText>& texts) {
  std::vector<ParsedFile> files(texts.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&files, &texts, &next] {
    for (std::size_t i = next++; i < texts.size(); i = next++) {
      files[i] = ParseManifest(texts[i].name, texts[i].text);
    }
  };
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(cores, texts.size()); ++i)
    others.emplace_back(work);
  work();
  others.clear();
  return AssembleOrganization(std::move(files));
}

}  // namespace poolshift
