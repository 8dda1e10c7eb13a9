// The C library's functions that change files, and the one that starts plugins, in place of which
// these are called.
#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <string>
#include <vector>

#include "tests/verify/boundaries/records.h"
#include "tests/verify/boundaries/settings.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

extern "C" char** environ;

namespace poolshift::boundaries {
namespace {

// What a file is to the run, by its name; "" = nothing that matters here.
std::string Meaning(const std::string& path) {
  if (path.find("/poolshift.heads") != std::string::npos) return "head";
  if (path.find("/exports/") != std::string::npos) return "export file";
  if (path.find("/ledger-") != std::string::npos) return "ledger";
  if (path.find("/world.state.yaml") != std::string::npos) return "platform";
  if (path.find("plan") != std::string::npos && path.find(".db") == std::string::npos)
    return "plan file";
  return "";
}

bool Fails(int error) {
  if (error == 0) return false;
  errno = error;
  return true;
}

int Sync(int descriptor, long number) {
  if (Fails(FaultOfWrite(descriptor))) return -1;
  if (!Watching()) return static_cast<int>(::syscall(number, descriptor));
  const std::string record = RecordBeingWritten();
  const std::string meaning = record.empty() ? Meaning(PathOf(descriptor)) : record;
  if (!meaning.empty()) Cross(meaning + ": written, not synced");
  const int result = static_cast<int>(::syscall(number, descriptor));
  if (!meaning.empty() && record.empty()) Cross(meaning + ": synced");
  return result;
}

// A disk that fills up takes the beginning of what does not fit.
ssize_t Write(int descriptor, const void* bytes, std::size_t size, const off_t* offset) {
  const int error = FaultOfWrite(descriptor);
  if (Fails(error) && (error != ENOSPC || size < 2)) return -1;
  if (error != 0) size /= 2;
  return offset == nullptr ? ::syscall(SYS_write, descriptor, bytes, size)
                           : ::syscall(SYS_pwrite64, descriptor, bytes, size, *offset);
}

int Truncate(int descriptor, off_t size) {
  if (Fails(FaultOfWrite(descriptor))) return -1;
  return static_cast<int>(::syscall(SYS_ftruncate, descriptor, size));
}

int Open(const char* path, int flags, mode_t mode) {
  const bool makes = (flags & O_CREAT) != 0 && ::access(path, F_OK) != 0;
  if (makes && Fails(FaultOfWrite(path))) return -1;
  return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

}  // namespace
}  // namespace poolshift::boundaries

using namespace poolshift::boundaries;  // NOLINT: what follows has the C library's names

extern "C" {

int fsync(int descriptor) { return Sync(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return Sync(descriptor, SYS_fdatasync); }

ssize_t write(int descriptor, const void* bytes, size_t size) {
  return Write(descriptor, bytes, size, nullptr);
}
ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off_t offset) {
  return Write(descriptor, bytes, size, &offset);
}
ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  return Write(descriptor, bytes, size, &offset);
}
ssize_t writev(int descriptor, const struct iovec* parts, int count) {
  if (Fails(FaultOfWrite(descriptor))) return -1;
  return ::syscall(SYS_writev, descriptor, parts, count);
}

int ftruncate(int descriptor, off_t size) noexcept { return Truncate(descriptor, size); }
int ftruncate64(int descriptor, off_t size) noexcept { return Truncate(descriptor, size); }

int rename(const char* from, const char* to) noexcept {
  if (Fails(FaultOfWrite(to))) return -1;
  const std::string meaning = Watching() ? Meaning(to) : "";
  if (!meaning.empty()) Cross(meaning + ": not yet in place");
  const int result = static_cast<int>(::syscall(SYS_rename, from, to));
  if (!meaning.empty()) Cross(meaning + ": in place");
  return result;
}

int mkdir(const char* path, mode_t mode) noexcept {
  if (::access(path, F_OK) != 0 && Fails(FaultOfWrite(path))) return -1;
  return static_cast<int>(::syscall(SYS_mkdir, path, mode));
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return Open(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return Open(path, flags, mode);
}

// A plugin is started with a clean environment; this library goes with it. Called between vfork and
// exec: nothing may be allocated.
int fexecve(int program, char* const arguments[], char* const given[]) noexcept {
  constexpr std::size_t kMost = 64;
  std::array<char*, kMost> all{};
  std::size_t count = 0;
  for (; given[count] != nullptr && count + 1 < kMost; ++count)
    all[count] = given[count];
  for (char** ours = environ; *ours != nullptr && count + 1 < kMost; ++ours) {
    if (std::strncmp(*ours, "LD_PRELOAD=", 11) == 0 ||
        std::strncmp(*ours, "POOLSHIFT_BOUNDARY_", 19) == 0)
      all[count++] = *ours;
  }
  return static_cast<int>(
      ::syscall(SYS_execveat, program, "", arguments, all.data(), AT_EMPTY_PATH));
}

}  // extern "C"
