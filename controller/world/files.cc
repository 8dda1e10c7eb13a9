#include "controller/world/files.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "controller/model/try.h"
#include "controller/world/descriptor.h"
#include "controller/world/private_file.h"
#include "controller/world/system_error.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift {
namespace {

std::string DirectoryOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::Status WriteAll(int descriptor, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError("cannot write " + path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0) return SystemError("cannot write " + path + " to disk", errno);
  return absl::OkStatus();
}

absl::Status SyncDirectory(const std::string& path) {
  const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) return SystemError("cannot open " + path, errno);
  if (::fsync(directory.number()) != 0) return SystemError("cannot sync " + path, errno);
  return absl::OkStatus();
}

absl::Status WriteBeside(const std::string& path, std::string_view content, int mode) {
  const Descriptor file(::open(path.c_str(),
                               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                               static_cast<mode_t>(mode)));
  if (!file.is_open()) return SystemError("cannot create " + path, errno);
  // The process's umask must not decide who can read it.
  if (::fchmod(file.number(), static_cast<mode_t>(mode)) != 0) {
    return SystemError("cannot set the permissions of " + path, errno);
  }
  return WriteAll(file.number(), content, path);
}

absl::StatusOr<std::string> ReadAll(int descriptor, const std::string& path, std::size_t limit) {
  std::string content;
  std::string block(65536, '\0');
  for (;;) {
    const ssize_t got = ::read(descriptor, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError("cannot read " + path, errno);
    if (got == 0) return content;
    content.append(block, 0, static_cast<std::size_t>(got));
    if (content.size() > limit) {
      return absl::InvalidArgumentError(path + " is larger than " + std::to_string(limit) +
                                        " bytes");
    }
  }
}

}  // namespace

absl::StatusOr<std::string> RealFiles::Read(const std::string& path, std::size_t limit) {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return SystemError("cannot open " + path, errno);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return SystemError("cannot look at " + path, errno);
  if (!S_ISREG(status.st_mode)) return absl::InvalidArgumentError(path + " is no regular file");
  return ReadAll(file.number(), path, limit);
}

absl::StatusOr<std::string> RealFiles::ReadPrivate(const std::string& path, std::size_t limit) {
  POOLSHIFT_ASSIGN(const Descriptor file, OpenPrivateFile(path));
  return ReadAll(file.number(), path, limit);
}

absl::Status RealFiles::Replace(const std::string& path, std::string_view content, int mode) {
  static std::atomic<unsigned> counter{0};
  const std::string beside =
      path + ".new-" + std::to_string(::getpid()) + '-' + std::to_string(counter++);
  absl::Status status = WriteBeside(beside, content, mode);
  if (status.ok() && ::rename(beside.c_str(), path.c_str()) != 0) {
    status = SystemError("cannot replace " + path, errno);
  }
  if (!status.ok()) {
    ::unlink(beside.c_str());
    return status;
  }
  return SyncDirectory(DirectoryOf(path));
}

absl::StatusOr<std::vector<std::string>> RealFiles::List(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), &::closedir);
  if (directory == nullptr) return SystemError("cannot list " + path, errno);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

absl::Status RealFiles::MakePrivateDirectory(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (!S_ISDIR(status.st_mode)) return absl::InvalidArgumentError(path + " is no directory");
    if (status.st_uid == ::geteuid()) return absl::OkStatus();
    return absl::PermissionDeniedError(path + " belongs to another user");
  }
  const std::string parent = DirectoryOf(path);
  if (parent != path && ::access(parent.c_str(), F_OK) != 0) {
    POOLSHIFT_TRY(MakePrivateDirectory(parent));
  }
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return SystemError("cannot make " + path, errno);
  }
  return absl::OkStatus();
}

absl::Status RealFiles::Remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return SystemError("cannot remove " + path, errno);
  return absl::OkStatus();
}

}  // namespace poolshift
