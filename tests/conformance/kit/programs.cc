#include "tests/conformance/kit/programs.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <unistd.h>

namespace poolshift::conformance {
namespace {

// The kernel keeps 15 letters of "poolshift-provider-<type>".
constexpr std::string_view kName = "(poolshift-provi)";

// proc(5): "pid (name) state ppid …".
bool IsPluginOfOurs(const std::filesystem::path& folder) {
  std::ostringstream text;
  text << std::ifstream(folder / "stat").rdbuf();
  const std::string status = text.str();
  const std::size_t name = status.find(kName);
  if (name == std::string::npos) return false;
  const std::size_t parent = name + kName.size() + 3;  // " S "
  return parent < status.size() && std::atoi(status.c_str() + parent) == ::getpid();
}

}  // namespace

void KillPrograms() {
  for (const auto& folder : std::filesystem::directory_iterator("/proc")) {
    const pid_t process = std::atoi(folder.path().filename().c_str());
    if (process > 0 && IsPluginOfOurs(folder.path())) ::kill(process, SIGKILL);
  }
}

}  // namespace poolshift::conformance
