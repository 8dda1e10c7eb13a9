// LockFile: `poolshift.lock`, which pins each provider program by the digest of its content. It
// stands in the folder of the manifests and is committed with them.
//
//   # provider programs, pinned by SHA-256 ...
//   dns 3f1c...
//   sim 9b02...
//
// Without the file programs run unpinned, and the caller warns. With it, a program that is not in
// it or has another digest is refused; only an explicit update changes it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "controller/provider/plugin_program.h"
#include "controller/world/files.h"

namespace poolshift {

inline constexpr char kLockFileName[] = "poolshift.lock";

class LockFile {
 public:
  // InvalidArgument with line numbers when it is not of the form above. `path` is for messages.
  static absl::StatusOr<LockFile> Parse(std::string_view text, std::string path);

  // The one in `directory`; nothing when there is none.
  static absl::StatusOr<std::optional<LockFile>> Load(Files& files, const std::string& directory);

  explicit LockFile(std::string path) : path_(std::move(path)) {}

  // PermissionDenied, naming the provider, both digests and what to do, unless the program is the
  // pinned one.
  absl::Status Check(const PluginProgram& program) const;

  // Pins the program as it is now.
  void Pin(const PluginProgram& program) { digests_[program.type] = program.digest.get(); }

  const std::map<std::string, std::string>& digests() const { return digests_; }
  const std::string& path() const { return path_; }
  std::string Text() const;
  absl::Status Save(Files& files) const;

 private:
  std::string path_;
  std::map<std::string, std::string> digests_;  // by type
};

}  // namespace poolshift
