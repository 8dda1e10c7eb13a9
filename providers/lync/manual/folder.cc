#include "providers/lync/manual/folder.h"

#include <cerrno>
#include <cstdio>

#include "controller/model/try.h"
#include "controller/world/system_error.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift::lync::manual {
namespace {

// As of what comes over SSH, twice as long in UTF-16.
constexpr std::size_t kLargest = std::size_t{128} << 20;

absl::Status Untrusted(const std::string& path, const std::string& what) {
  return absl::PermissionDeniedError(path + ' ' + what);
}

absl::Status CheckFile(const std::string& path, const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return absl::InvalidArgumentError(path + " is no regular file");
  if (status.st_uid != ::geteuid() && status.st_uid != 0)
    return Untrusted(path, "belongs to another user");
  if (static_cast<std::size_t>(status.st_size) > kLargest)
    return absl::InvalidArgumentError(path + " is larger than " + std::to_string(kLargest >> 20) +
                                      " MiB: that is no answer");
  return absl::OkStatus();
}

}  // namespace

absl::Status Folder::Check() {
  struct stat status {};
  if (::lstat(path_.c_str(), &status) != 0) {
    if (errno != ENOENT) return SystemError("cannot look at " + path_, errno);
    return files_.MakePrivateDirectory(path_);
  }
  if (S_ISLNK(status.st_mode))
    return Untrusted(path_, "is a symbolic link: name the folder itself");
  if (!S_ISDIR(status.st_mode)) return Untrusted(path_, "is no folder");
  if (status.st_uid != ::geteuid())
    return Untrusted(path_,
                     "belongs to another user: who owns it could answer in a machine's place");
  if ((status.st_mode & 077U) != 0)
    return Untrusted(path_, "is open to others, who could answer in a machine's place: chmod 700");
  return absl::OkStatus();
}

absl::StatusOr<Descriptor> Folder::Lock() {
  POOLSHIFT_TRY(Check());
  const std::string path = PathOf(".lock");
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.is_open()) return SystemError("cannot open " + path, errno);
  while (::flock(file.number(), LOCK_EX) != 0) {
    if (errno != EINTR) return SystemError("cannot lock " + path, errno);
  }
  return file;
}

absl::StatusOr<std::optional<Folder::Content>> Folder::Read(const std::string& name) const {
  const std::string path = PathOf(name);
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) {
    if (errno == ENOENT) return std::nullopt;
    if (errno == ELOOP) return Untrusted(path, "is a symbolic link: put the file itself there");
    return SystemError("cannot open " + path, errno);
  }
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return SystemError("cannot look at " + path, errno);
  POOLSHIFT_TRY(CheckFile(path, status));
  Content content{"", absl::TimeFromTimespec(status.st_ctim)};
  content.bytes.resize(static_cast<std::size_t>(status.st_size));
  std::size_t have = 0;
  while (have < content.bytes.size()) {
    const ssize_t got =
        ::read(file.number(), content.bytes.data() + have, content.bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError("cannot read " + path, errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  content.bytes.resize(have);
  return content;
}

absl::StatusOr<bool> Folder::Has(const std::string& name) const {
  struct stat status {};
  if (::lstat(PathOf(name).c_str(), &status) == 0) return true;
  if (errno == ENOENT) return false;
  return SystemError("cannot look at " + PathOf(name), errno);
}

absl::Status Folder::Write(const std::string& name, std::string_view content) {
  return files_.Replace(PathOf(name), content, 0600);
}

absl::Status Folder::Remove(const std::string& name) {
  if (::unlink(PathOf(name).c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return SystemError("cannot remove " + PathOf(name), errno);
}

absl::Status Folder::Rename(const std::string& from, const std::string& to) {
  if (std::rename(PathOf(from).c_str(), PathOf(to).c_str()) == 0) return absl::OkStatus();
  return SystemError("cannot rename " + PathOf(from), errno);
}

absl::StatusOr<std::vector<std::string>> Folder::List() { return files_.List(path_); }

}  // namespace poolshift::lync::manual
