#include "controller/cli/program_output.h"

#include <array>
#include <memory>
#include <utility>

#include "controller/model/try.h"
#include "controller/world/descriptor.h"
#include <fcntl.h>
#include <unistd.h>

namespace poolshift {

absl::StatusOr<ProgramOutput> OutputOf(const Session& session,
                                       const PluginProgram& program,
                                       std::vector<std::string> words,
                                       std::vector<std::string> environment,
                                       absl::Duration patience) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return absl::InternalError("no pipe");
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  Launch launch;
  launch.program = program.file.number();
  launch.arguments = {program.path};
  for (std::string& word : words)
    launch.arguments.push_back(std::move(word));
  launch.environment = std::move(environment);
  launch.output = writing.number();
  POOLSHIFT_ASSIGN(const std::unique_ptr<Process> process, session.world.processes->Start(launch));
  writing = Descriptor();
  ProgramOutput output;
  std::array<char, 4096> part{};
  for (ssize_t size = 0; (size = ::read(reading.number(), part.data(), part.size())) > 0;)
    output.text.append(part.data(), static_cast<std::size_t>(size));
  const auto end = process->Wait(patience);
  output.end = end.value_or("did not end");
  if (!end) process->Kill();
  return output;
}

}  // namespace poolshift
