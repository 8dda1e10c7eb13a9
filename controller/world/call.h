// Call: a program run to its end, with a time limit and limits on what it may say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/world/world.h"

namespace poolshift {

struct Call {
  std::string program;                   // an absolute path; an ELF program
  std::vector<std::string> arguments;    // without the program's name
  std::vector<std::string> environment;  // "NAME=value", and nothing else
  std::string input;                     // its stdin
  absl::Duration timeout = absl::Seconds(60);
  std::size_t output_limit = 1U << 20U;  // bytes of stdout; of stderr at most 64 KiB are kept
  std::uint64_t largest_file = 0;        // as in Launch
};

struct Answer {
  std::string ending;  // "exited with status 0", as Process::Wait says it
  std::string output, errors;
  bool ExitedWith(int status) const;
};

// Starts the program, gives it its input and waits for its end, which is Answer::ending whatever it
// is. NotFound: there is no such program. DeadlineExceeded: it took longer, and its process group
// was killed. ResourceExhausted: it said more than it may, and was killed.
absl::StatusOr<Answer> CallProgram(const World& world, const Call& call);

// "NAME" in the folders where Debian installs programs. NotFound names the package to install.
absl::StatusOr<std::string> InstalledProgram(const std::string& name, const std::string& package);

}  // namespace poolshift
