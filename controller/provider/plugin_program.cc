#include "controller/provider/plugin_program.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <memory>
#include <string_view>
#include <utility>

#include "controller/model/digest.h"
#include "controller/model/try.h"
#include "controller/provider/printable.h"
#include "controller/world/system_error.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift {
namespace {

bool IsTypeName(std::string_view type) {
  return !type.empty() && type.size() <= 40 && type[0] >= 'a' && type[0] <= 'z' &&
         std::all_of(type.begin(), type.end(), [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                  letter == '-';
         });
}

// The bytes of a file, as long as somebody holds on to them.
using Mapped = std::shared_ptr<const std::string_view>;

Mapped Map(int file, std::size_t size) {
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (mapped == MAP_FAILED) return nullptr;
  return Mapped(new std::string_view(static_cast<const char*>(mapped), size),
                [](const std::string_view* bytes) {
                  ::munmap(const_cast<char*>(bytes->data()), bytes->size());
                  delete bytes;
                });
}

absl::StatusOr<std::shared_future<std::string>> DigestOf(int file,
                                                         std::size_t size,
                                                         const std::string& path) {
  const Mapped bytes = Map(file, size);
  if (bytes == nullptr) return SystemError("cannot read " + path, errno);
  if (!bytes->starts_with("\x7F"
                          "ELF"))
    return absl::InvalidArgumentError(path + " is no program (ELF file)");
  return std::async(std::launch::deferred, [bytes] { return Digest(*bytes); }).share();
}

}  // namespace

std::string ProgramFolder() {
  char buffer[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", buffer, sizeof buffer);
  const std::string program(buffer, size > 0 ? static_cast<std::size_t>(size) : 0);
  return program.substr(0, program.rfind('/'));
}

std::string DefaultPluginDirectory() {
  const std::string folder = ProgramFolder();
  const std::string installed = folder.substr(0, folder.rfind('/')) + "/lib/poolshift/plugins";
  return ::access(installed.c_str(), X_OK) == 0 ? installed : folder;
}

absl::StatusOr<PluginProgram> OpenPluginProgram(const std::string& directory,
                                                const std::string& type) {
  if (!IsTypeName(type)) {
    return absl::InvalidArgumentError(
        "`" + Printable(type) + "` is no provider type: write a name such as `dns`, never a path");
  }
  PluginProgram program;
  program.type = type;
  program.path = directory + "/poolshift-provider-" + type;
  program.file = Descriptor(::open(program.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!program.file.is_open()) {
    if (errno != ENOENT && errno != ENOTDIR)
      return SystemError("cannot open " + program.path, errno);
    return absl::NotFoundError(
        "there is no provider program for type `" + type + "`: " + program.path +
        " does not exist; install it there, or name its folder with --plugin-dir");
  }
  struct stat status {};
  if (::fstat(program.file.number(), &status) != 0) {
    return SystemError("cannot look at " + program.path, errno);
  }
  if (!S_ISREG(status.st_mode) || (status.st_mode & 0111) == 0 || status.st_size == 0) {
    return absl::InvalidArgumentError(program.path + " is no program (an executable file)");
  }
  POOLSHIFT_ASSIGN(
      program.digest,
      DigestOf(program.file.number(), static_cast<std::size_t>(status.st_size), program.path));
  return program;
}

}  // namespace poolshift
