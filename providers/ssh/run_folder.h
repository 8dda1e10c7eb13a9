// RunFolder: a private folder with a short path for sockets and what goes with them, removed when
// it goes. One that a killed process left behind is removed by the next that is made: a lock tells.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

#include "controller/world/descriptor.h"

namespace poolshift::ssh {

class RunFolder {
 public:
  // Below /run/user/<uid> when this user has that, else below /tmp.
  static absl::StatusOr<std::unique_ptr<RunFolder>> Make();
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  std::string Path(std::string_view name) const { return path_ + '/' + std::string(name); }

  // Makes the file, mode 0600, and returns its path.
  absl::StatusOr<std::string> Write(std::string_view name, std::string_view content) const;

 private:
  RunFolder(std::string path, Descriptor lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  const std::string path_;
  const Descriptor lock_;  // of the folder itself, held as long as it is in use
};

}  // namespace poolshift::ssh
