#include "controller/cli/state_directory.h"

#include <algorithm>
#include <filesystem>

#include "controller/model/digest.h"

namespace poolshift {
namespace {

namespace fs = std::filesystem;

// Absolute and without links, so that `.` and the full path name one state.
fs::path Canonical(const std::string& path) {
  std::error_code error;
  fs::path canonical = fs::weakly_canonical(path == "-" ? "." : path, error);
  if (error) canonical = fs::absolute(path, error);
  if (!canonical.has_filename()) canonical = canonical.parent_path();
  return canonical;
}

// Letters that are plain in every file system and shell.
std::string PlainName(std::string name) {
  for (char& letter : name) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= '0' && letter <= '9') || letter == '.' || letter == '_';
    if (!plain) letter = '-';
  }
  constexpr std::size_t kLongest = 40;
  name.resize(std::min(name.size(), kLongest));
  return name.empty() || name.front() == '.' ? "organization" : name;
}

// Where the manifests stand, in an order of its own: what a state belongs to. Another branch is
// another place: what was seen against it says nothing of this one.
std::vector<std::string> Places(const Arguments& arguments, const std::vector<std::string>& paths) {
  if (paths.empty()) {
    return {arguments.Value("--git") + '\n' + arguments.Value("--ref") + '\n' +
            arguments.Value("--folder")};
  }
  std::vector<std::string> places;
  for (const std::string& path : paths)
    places.push_back(Canonical(path).string());
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

}  // namespace

std::vector<std::string> PathsOf(const Arguments& arguments, std::size_t others) {
  const std::vector<std::string>& words = arguments.words();
  std::vector<std::string> paths(
      words.begin() + static_cast<std::ptrdiff_t>(std::min(others, words.size())), words.end());
  if (paths.empty() && !arguments.Has("--git")) return {"."};
  for (std::string& path : paths) {
    while (path.size() > 1 && path.ends_with('/'))
      path.pop_back();
  }
  return paths;
}

absl::StatusOr<std::string> StateDirectory(const Session& session,
                                           const Arguments& arguments,
                                           const std::vector<std::string>& paths) {
  if (arguments.Has("--state-dir")) {
    const std::string given = arguments.Value("--state-dir");
    if (!given.empty()) return given;
    return absl::InvalidArgumentError("--state-dir: the name is empty; name a folder");
  }
  std::string home = session.environment("XDG_STATE_HOME");
  if (home.empty() || home.front() != '/') {
    const std::string user = session.environment("HOME");
    if (user.empty()) {
      return absl::InvalidArgumentError(
          "no place for the state: neither XDG_STATE_HOME nor HOME is set; name one with "
          "--state-dir DIR");
    }
    home = user + "/.local/state";
  }
  const std::vector<std::string> places = Places(arguments, paths);
  std::string text;
  for (const std::string& place : places)
    text += place + '\n';
  constexpr std::size_t kDigits = 12;
  return home + "/poolshift/" + PlainName(fs::path(places.front()).filename().string()) + '-' +
         Digest(text).substr(0, kDigits);
}

}  // namespace poolshift
