// Processes: starting and ending child programs. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <sys/types.h>

namespace poolshift {

// What to run. All descriptors are borrowed for the call; the child has its own copies.
struct Launch {
  int program = -1;  // open descriptor of an ELF program: exactly this file is executed
  std::vector<std::string> arguments;    // [0] is the name that the program sees
  std::vector<std::string> environment;  // "NAME=value", and nothing else
  std::vector<int> descriptors;          // become 3, 4, … in the child
  int output = -1;                       // becomes its stdout, and its stderr without `errors`
  int errors = -1;                       // becomes its stderr
  int input = -1;                        // becomes its stdin, which is otherwise empty
  std::uint64_t largest_file =
      0;  // it is ended (SIGXFSZ) when it writes a larger one; 0 = no limit
};

// A running or ended child in a process group of its own. Destroying it ends the whole group.
class Process {
 public:
  virtual ~Process() = default;
  virtual pid_t pid() const = 0;
  // Waits up to `timeout` for the end. "exited with status 3", "was ended by signal 11
  // (Segmentation fault)"; nothing when it still runs.
  virtual std::optional<std::string> Wait(absl::Duration timeout) = 0;
  // SIGKILL for the whole group.
  virtual void Kill() = 0;
};

class Processes {
 public:
  virtual ~Processes() = default;
  // The child gets no other descriptor of ours, writes no core file, and is killed when this
  // process ends.
  virtual absl::StatusOr<std::unique_ptr<Process>> Start(const Launch& launch) = 0;
};

// Starts children from one thread of its own: the kernel kills a child that asked for it when the
// *thread* that started it ends (prctl(2), PR_SET_PDEATHSIG). It must outlive its children.
class RealProcesses final : public Processes {
 public:
  RealProcesses();
  ~RealProcesses() override;
  absl::StatusOr<std::unique_ptr<Process>> Start(const Launch& launch) override;

 private:
  class Starter;
  std::unique_ptr<Starter> starter_;
};

}  // namespace poolshift
