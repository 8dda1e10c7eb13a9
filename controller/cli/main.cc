// The program `poolshift`. This file makes the real outside: streams, terminal, environment, clock.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "absl/time/clock.h"

#include "controller/cli/command.h"
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

// The installation keeps providers beside the library folder; a build folder beside the program.
std::string PluginDirectory() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return "";
  const auto installed = program.parent_path().parent_path() / "lib/poolshift/plugins";
  return std::filesystem::is_directory(installed, error) ? installed.string()
                                                         : program.parent_path().string();
}

}  // namespace

int main(int count, char** words) {
  poolshift::Session session(std::cin, std::cout, std::cerr);
  session.in_is_terminal = ::isatty(STDIN_FILENO) == 1;
  session.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  session.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  session.width = TerminalWidth();
  session.plugin_directory = PluginDirectory();
  session.environment = [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::string(value == nullptr ? "" : value);
  };
  session.now = [] { return absl::Now(); };
  const int code =
      poolshift::RunProgram(session, std::vector<std::string>(words + 1, words + count));
  std::cout.flush();
  // What was asked for did not arrive (a full disk, a closed pipe): that is no success.
  if (!std::cout.good() && code == poolshift::kExitOk) return poolshift::kExitError;
  return code;
}
