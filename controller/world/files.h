// Files: the file system as the controller uses it: whole small files, replaced atomically.
// Thread-safe.
//
// Errors: NotFound, PermissionDenied, InvalidArgument (too large, not a regular file), otherwise
// Internal; each names the path and what the system said.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace poolshift {

class Files {
 public:
  virtual ~Files() = default;

  // The whole content. InvalidArgument when it is larger than `limit` bytes or no regular file.
  virtual absl::StatusOr<std::string> Read(const std::string& path, std::size_t limit) = 0;

  // As Read, of what others must not read, such as a key; errors of private_file.h.
  virtual absl::StatusOr<std::string> ReadPrivate(const std::string& path, std::size_t limit) = 0;

  // Replaces the file in one step (write beside, fsync, rename, fsync of the directory): after a
  // crash it has either its former content or all of `content`. `mode` as for chmod, 0600 for what
  // others must not read.
  virtual absl::Status Replace(const std::string& path, std::string_view content, int mode) = 0;

  // Names (not paths) in a directory, sorted, without "." and "..".
  virtual absl::StatusOr<std::vector<std::string>> List(const std::string& path) = 0;

  // Makes the directory and its missing parents, 0700. An existing one must belong to this user and
  // is left as it is.
  virtual absl::Status MakePrivateDirectory(const std::string& path) = 0;

  virtual absl::Status Remove(const std::string& path) = 0;
};

class RealFiles final : public Files {
 public:
  absl::StatusOr<std::string> Read(const std::string& path, std::size_t limit) override;
  absl::StatusOr<std::string> ReadPrivate(const std::string& path, std::size_t limit) override;
  absl::Status Replace(const std::string& path, std::string_view content, int mode) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& path) override;
  absl::Status MakePrivateDirectory(const std::string& path) override;
  absl::Status Remove(const std::string& path) override;
};

}  // namespace poolshift
