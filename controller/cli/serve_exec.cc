#include <cerrno>
#include <climits>
#include <cstring>
#include <string>
#include <vector>

#include "controller/cli/serve.h"
#include <unistd.h>

namespace poolshift {
namespace {

// poolshift-serve in the folder of this program.
std::string ServeProgram() {
  char buffer[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", buffer, sizeof buffer);
  const std::string program(buffer, size > 0 ? static_cast<std::size_t>(size) : 0);
  return program.substr(0, program.rfind('/')) + "/poolshift-serve";
}

constexpr std::size_t kLongestCommandLine = 4UL << 20U;

}  // namespace

// Everything was parsed, and is parsed again there: the words go on as they came.
ExitCode RunServe(Session& session, const Arguments& /*arguments*/) {
  absl::StatusOr<std::string> line =
      session.world.files->Read("/proc/self/cmdline", kLongestCommandLine);
  if (!line.ok()) return session.Fail(line.status());
  std::vector<char*> words;
  for (std::size_t at = 0; at < line->size(); at = line->find('\0', at) + 1)
    words.push_back(&(*line)[at]);
  words.push_back(nullptr);
  const std::string program = ServeProgram();
  ::execv(program.c_str(), words.data());
  return session.Fail(kExitError,
                      program + ": " + std::strerror(errno) + "; it belongs beside poolshift");
}

}  // namespace poolshift
