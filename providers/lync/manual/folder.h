// Folder: where requests lie and answers are put. It must be this user's alone, and is looked at
// anew each time. Thread-safe; processes take turns by a lock.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/world/descriptor.h"
#include "controller/world/files.h"

namespace poolshift::lync::manual {

class Folder {
 public:
  explicit Folder(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  std::string PathOf(std::string_view name) const { return path_ + '/' + std::string(name); }

  // Makes it, if it is not there. PermissionDenied, saying what to do: it is a symbolic link or
  // somebody else's, or others may read or write it.
  absl::Status Check();

  // Checks it as well. Whoever holds the descriptor is alone.
  absl::StatusOr<Descriptor> Lock();

  struct Content {
    std::string bytes;
    absl::Time appeared;  // when this machine last touched the file's entry (ctime): a copy that
                          // keeps the time of its original does not keep this one
  };
  // Nothing: it is not there. InvalidArgument, PermissionDenied: it is no file to be believed.
  absl::StatusOr<std::optional<Content>> Read(const std::string& name) const;

  // Whether anything has the name.
  absl::StatusOr<bool> Has(const std::string& name) const;

  absl::Status Write(const std::string& name, std::string_view content);
  absl::Status Remove(const std::string& name);  // what is not there is removed
  absl::Status Rename(const std::string& from, const std::string& to);
  absl::StatusOr<std::vector<std::string>> List();

 private:
  const std::string path_;
  RealFiles files_;
};

}  // namespace poolshift::lync::manual
