// Host: a machine that is reached over SSH. What providers are written against; `Connections` makes
// the real ones. Thread-safe.
//
// How to read an error:
//   Unavailable       nothing was begun on the host; the text says why it cannot be reached (name,
//                     network, host key, account). An observation is then *unreachable*, never
//                     absent
//   DeadlineExceeded  it was begun and did not end in time: what it did is not known
//   Unknown           it was begun and the connection was lost meanwhile: likewise
//   InvalidArgument   it cannot be sent (quote.h)
//   ResourceExhausted it answered with more than `Command::largest_output`
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace poolshift::ssh {

struct Command {
  // The line as the far side's sshd hands it to the account's shell. For POSIX hosts only
  // CommandLine() (quote.h) makes it; for Windows it is a fixed text such as "powershell -NoProfile
  // -NonInteractive -Command -", with everything that varies in `input`.
  std::string line;
  std::string input = {};                             // its standard input, whole; then end of file
  std::size_t largest_output = std::size_t{8} << 20;  // of each of stdout and stderr
};

// What a command that ended left behind. A program that a signal ended has no status of its own:
// sshd reports none, and then the result is an error (Unknown), never an Output.
struct Output {
  int status = 0;
  std::string out;
  std::string err;
};

// Where on the host a forwarded connection ends.
struct Remote {
  std::string path;  // a Unix socket, or, when empty,
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
};

class Host {
 public:
  virtual ~Host() = default;

  // The name that it is declared by, for messages.
  virtual const std::string& name() const = 0;

  // Connects when it is not connected. Commands may run side by side.
  virtual absl::StatusOr<Output> Run(const Command& command, absl::Time deadline) = 0;

  // Path of a Unix socket on this machine, in a folder that only this user may enter: whoever
  // connects to it is connected to `remote`. It lives as long as the connection does: after a
  // failed connect ask again. That it exists says nothing of the far end: sshd connects to that
  // only when somebody connects here.
  virtual absl::StatusOr<std::string> Forward(const Remote& remote, absl::Time deadline) = 0;
};

}  // namespace poolshift::ssh
