#include "providers/ssh/run_folder.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "controller/world/system_error.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift::ssh {
namespace {

constexpr std::string_view kPrefix = "poolshift-ssh-";

bool IsOurs(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == ::geteuid();
}

std::string Parent() {
  const std::string own = "/run/user/" + std::to_string(::geteuid());
  return IsOurs(own) && ::access(own.c_str(), W_OK | X_OK) == 0 ? own : "/tmp";
}

// A shared lock would do to look, an exclusive one to remove: only its owner holds it for long.
Descriptor LockOf(const std::string& folder) {
  Descriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (lock.is_open() && ::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) lock.Close();
  return lock;
}

void Sweep(const std::string& parent) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(parent, ignored)) {
    const std::string path = entry.path().string();
    if (entry.path().filename().string().rfind(kPrefix, 0) != 0 || !IsOurs(path)) continue;
    const Descriptor lock = LockOf(path);
    std::error_code failed;
    if (lock.is_open()) std::filesystem::remove_all(path, failed);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<RunFolder>> RunFolder::Make() {
  const std::string parent = Parent();
  Sweep(parent);
  // Another sweep may fall between making and locking: then the folder is gone, and one more is
  // made.
  for (int attempt = 0; attempt < 5; ++attempt) {
    std::string path = parent + '/' + std::string(kPrefix) + "XXXXXX";
    if (::mkdtemp(path.data()) == nullptr)
      return SystemError("cannot make a private folder in " + parent, errno);
    Descriptor lock = LockOf(path);
    if (lock.is_open() && IsOurs(path))
      return std::unique_ptr<RunFolder>(new RunFolder(std::move(path), std::move(lock)));
  }
  return absl::InternalError("cannot keep a private folder in " + parent);
}

RunFolder::~RunFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

absl::StatusOr<std::string> RunFolder::Write(std::string_view name,
                                             std::string_view content) const {
  const std::string path = Path(name);
  const Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.is_open()) return SystemError("cannot make " + path, errno);
  if (::write(file.number(), content.data(), content.size()) !=
      static_cast<ssize_t>(content.size())) {
    return SystemError("cannot write " + path, errno);
  }
  return path;
}

}  // namespace poolshift::ssh
