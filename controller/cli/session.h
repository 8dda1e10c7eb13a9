// Session: the part of the outside that a verb may touch: streams, their looks, the environment.
// Made in main.cc; one per process. Not thread-safe.
#pragma once

#include <functional>
#include <istream>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "controller/cli/exit_code.h"
#include "controller/report/style.h"
#include "controller/world/world.h"

namespace poolshift {

struct Session {
  Session(std::istream& input, std::ostream& output, std::ostream& errors)
      : in(input), out(output), err(errors) {}

  std::istream& in;
  std::ostream& out;  // what was asked for, and nothing else
  std::ostream& err;  // progress, warnings, errors
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  int width = 100;               // of the terminal, if there is one
  std::string plugin_directory;  // where the installation keeps its providers
  std::function<std::string(const std::string&)> environment;  // "" when not set
  World world;

  // Set from the arguments before a verb runs.
  Style out_style, err_style;
  bool verbose = false;
  // What Fail() has said, in order.
  mutable std::vector<std::string> failures;

  // Prints "poolshift: TEXT" on err and gives the code back, so that a verb can end with it.
  ExitCode Fail(ExitCode code, const std::string& text) const;
  ExitCode Fail(const absl::Status& status) const;
  absl::Time now() const { return world.clock->Now(); }
  // A line of progress on err.
  void Tell(const std::string& text) const;
};

}  // namespace poolshift
