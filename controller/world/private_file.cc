#include "controller/world/private_file.h"

#include <cerrno>

#include "absl/status/status.h"

#include "controller/world/system_error.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift {

absl::StatusOr<Descriptor> OpenPrivateFile(const std::string& path) {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) return SystemError("cannot open " + path, errno);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return SystemError("cannot look at " + path, errno);
  if (!S_ISREG(status.st_mode)) return absl::InvalidArgumentError(path + " is no regular file");
  if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    return absl::PermissionDeniedError(path + " belongs to another user; run `chown` on it");
  }
  if ((status.st_mode & 0077) != 0) {
    return absl::PermissionDeniedError(path + " can be read or written by others; run `chmod 600 " +
                                       path + "`");
  }
  return file;
}

}  // namespace poolshift
