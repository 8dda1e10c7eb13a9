#include <filesystem>
#include <iterator>

#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/manifest/format.h"
#include "controller/manifest/manifest.h"
#include "controller/model/try.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

// Manifests that `path` names: itself, or those of the folder and its folders, in order.
absl::Status Collect(Files& files, const std::string& path, std::vector<std::string>& found) {
  const absl::StatusOr<std::vector<std::string>> names = files.List(path);
  if (!names.ok()) {
    found.push_back(path);
    return absl::OkStatus();
  }
  for (const std::string& name : *names) {
    const std::string inner = path + '/' + name;
    if (IsManifestName(name)) {
      found.push_back(inner);
    } else if (name.front() != '.' && files.List(inner).ok()) {
      POOLSHIFT_TRY(Collect(files, inner, found));
    }
  }
  return absl::OkStatus();
}

// What became of all files together.
struct Tally {
  bool changed = false;
  bool refused = false;
};

absl::Status FormatFile(Session& session, const std::string& path, bool check, Tally& tally) {
  Files& files = *session.world.files;
  POOLSHIFT_ASSIGN(const std::string text, files.Read(path, ManifestLimits::kFileBytes));
  const FormatResult result = FormatManifest(text);
  if (!result.refusal.empty()) {
    const bool placed = result.refusal.starts_with(':');  // ":1:4: error: ..."
    session.Tell("left as it is: " + path + (placed ? "" : ": ") + result.refusal);
    tally.refused = true;
    return absl::OkStatus();
  }
  if (!result.changed) return absl::OkStatus();
  tally.changed = true;
  session.out << SafeText(path) << '\n';
  if (check) return absl::OkStatus();
  std::error_code error;
  const auto mode = std::filesystem::status(path, error).permissions();
  constexpr int kMode = 0644;
  return files.Replace(path, result.text, error ? kMode : static_cast<int>(mode) & 0777);
}

ExitCode FormatInput(Session& session, bool check) {
  const std::string text(std::istreambuf_iterator<char>(session.in), {});
  const FormatResult result = FormatManifest(text);
  if (!result.refusal.empty())
    return session.Fail(kExitInvalidInput, "left as it is: -" + result.refusal);
  if (check) return result.changed ? kExitChanges : kExitOk;
  session.out << result.text;
  return kExitOk;
}

ExitCode RunFmt(Session& session, const Arguments& arguments) {
  const bool check = arguments.Has("--check");
  const std::vector<std::string> paths = PathsOf(arguments);
  if (paths.size() == 1 && paths.front() == "-") return FormatInput(session, check);
  std::vector<std::string> found;
  for (const std::string& path : paths) {
    const absl::Status collected = Collect(*session.world.files, path, found);
    if (!collected.ok()) return session.Fail(collected);
  }
  Tally tally;
  for (const std::string& path : found) {
    const absl::Status formatted = FormatFile(session, path, check, tally);
    if (!formatted.ok()) return session.Fail(formatted);
  }
  if (tally.refused) return kExitInvalidInput;
  return check && tally.changed ? kExitChanges : kExitOk;
}

}  // namespace

Command FmtCommand() {
  Command command;
  command.name = "fmt";
  command.words = "[PATH...]";
  command.summary = "lay manifests out in the standard way";
  command.text =
      "Rewrites manifests (files, folders; the current folder when there is none) in the standard "
      "layout, comments kept, and prints the names of those that changed. `-` formats stdin to "
      "stdout. A file whose meaning might change is left as it is.\n"
      "Exit codes: 0 done, 2 with --check when something is not formatted, 10 a file is no "
      "manifest.";
  command.most_words = kAnyNumber;
  command.options = {{"--check", "", "change nothing; name the files that are not formatted", ""}};
  command.examples = {"poolshift fmt --check /etc/poolshift/contoso"};
  command.run = RunFmt;
  return command;
}

}  // namespace poolshift
