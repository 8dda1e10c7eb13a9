// The program `poolshift`. This file makes the real outside: streams, terminal, environment, clock.

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "controller/cli/command.h"
#include "controller/provider/plugin_program.h"
#include <sys/ioctl.h>
#include <unistd.h>

namespace {

int TerminalWidth() {
  constexpr int kPlain = 100;
  constexpr int kNarrowest = 40;
  constexpr int kWidest = 120;  // longer lines are hard to read
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kPlain;
  return std::clamp(static_cast<int>(size.ws_col), kNarrowest, kWidest);
}

}  // namespace

int main(int count, char** words) {
  // A limit on the size of files is an error of the write that meets it, as a full disk is.
  (void)std::signal(SIGXFSZ, SIG_IGN);
  poolshift::RealClock clock;
  poolshift::RealFiles files;
  poolshift::RealProcesses processes;
  poolshift::Session session(std::cin, std::cout, std::cerr);
  session.in_is_terminal = ::isatty(STDIN_FILENO) == 1;
  session.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  session.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  session.width = TerminalWidth();
  session.plugin_directory = poolshift::DefaultPluginDirectory();
  session.environment = [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::string(value == nullptr ? "" : value);
  };
  session.world = {&clock, &files, &processes};
  const int code =
      poolshift::RunProgram(session, std::vector<std::string>(words + 1, words + count));
  std::cout.flush();
  // What was asked for did not arrive (a full disk, a closed pipe): that is no success.
  if (!std::cout.good() && code == poolshift::kExitOk) return poolshift::kExitError;
  return code;
}
