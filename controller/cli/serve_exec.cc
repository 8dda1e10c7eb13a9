#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "controller/cli/serve.h"
#include "controller/provider/plugin_program.h"
#include <unistd.h>

namespace poolshift {
namespace {

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
  const std::string program = ProgramFolder() + "/poolshift-serve";
  ::execv(program.c_str(), words.data());
  return session.Fail(kExitError,
                      program + ": " + std::strerror(errno) + "; it belongs beside poolshift");
}

}  // namespace poolshift
