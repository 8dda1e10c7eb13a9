// Shell: a place where a command runs, whatever carries it there. What the rest of the provider is
// written against. Thread-safe.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace poolshift::lync {

struct ShellOutput {
  int status = 0;
  std::string out;
  std::string err;
};

class Shell {
 public:
  virtual ~Shell() = default;

  // The machine, for messages.
  virtual const std::string& name() const = 0;

  // How it is reached, for people: "SSH (poolshift@10.0.0.5:22)".
  virtual std::string transport() const = 0;

  // Unavailable: nothing was begun. PermissionDenied: it let nobody in. Any other error: it was
  // begun, and what became of it is not known.
  virtual absl::StatusOr<ShellOutput> Run(const std::string& command_line,
                                          const std::string& input,
                                          absl::Time deadline) = 0;
};

}  // namespace poolshift::lync
