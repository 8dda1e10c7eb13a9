#include "tests/verify/boundaries/settings.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace poolshift::boundaries {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// "POINT#K"
struct Crossing {
  std::string point;
  int number = 0;

  explicit Crossing(const std::string& text) : point(text.substr(0, text.find('#'))) {
    const std::size_t mark = text.find('#');
    if (mark != std::string::npos) number = std::atoi(text.c_str() + mark + 1);
  }
};

std::string RoleOf(std::string_view program) {
  constexpr std::string_view kPlugin = "poolshift-provider-";
  return program.starts_with(kPlugin) ? std::string(program.substr(kPlugin.size())) : "controller";
}

struct Settings {
  std::string role = RoleOf(program_invocation_short_name);
  std::string log = Variable("POOLSHIFT_BOUNDARY_LOG");
  std::string folder = Variable("POOLSHIFT_BOUNDARY_FOLDER");
  Crossing at{Variable("POOLSHIFT_BOUNDARY_AT")};
  Crossing fail{Variable("POOLSHIFT_BOUNDARY_FAIL")};
  int signal = Variable("POOLSHIFT_BOUNDARY_STOP").empty() ? SIGKILL : SIGSTOP;
  int error = Variable("POOLSHIFT_BOUNDARY_ERROR") == "ENOSPC" ? ENOSPC : EIO;
  std::mutex mutex;
  std::map<std::string, int, std::less<>> crossed;
};

Settings& TheSettings() {
  static auto* settings = new Settings;  // used until the process ends
  return *settings;
}

void Log(const std::string& path, const std::string& name) {
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  const std::string line = name + '\n';
  ::syscall(SYS_write, file, line.data(), line.size());
  ::close(file);
}

// Which crossing of the point this is.
int Count(std::string_view name) {
  Settings& settings = TheSettings();
  const std::string full = settings.role + '/' + std::string(name);
  const std::lock_guard lock(settings.mutex);
  const int number = ++settings.crossed[full];
  if (!settings.log.empty()) Log(settings.log, full);
  if (full == settings.at.point && number == settings.at.number)
    ::kill(::getpid(), settings.signal);
  return full == settings.fail.point ? number : 0;
}

int Fault() {
  const Settings& settings = TheSettings();
  const int number = Count("file: write");
  if (number == 0 || settings.fail.number == 0) return 0;
  const bool fails =
      settings.error == ENOSPC ? number >= settings.fail.number : number == settings.fail.number;
  return fails ? settings.error : 0;
}

}  // namespace

bool Watching() {
  const Settings& settings = TheSettings();
  return !settings.log.empty() || settings.at.number > 0 || settings.fail.number > 0;
}

bool IsController() { return TheSettings().role == "controller"; }

void Cross(std::string_view name) {
  if (Watching()) Count(name);
}

std::string PathOf(int descriptor) {
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t size = ::readlink(link.c_str(), path.data(), path.size());
  return size > 0 && path[0] == '/' ? std::string(path.data(), static_cast<std::size_t>(size)) : "";
}

int FaultOfWrite(const char* path) {
  const std::string& folder = TheSettings().folder;
  if (folder.empty() || !std::string_view(path).starts_with(folder)) return 0;
  return Fault();
}

int FaultOfWrite(int descriptor) {
  if (TheSettings().folder.empty()) return 0;
  return FaultOfWrite(PathOf(descriptor).c_str());
}

}  // namespace poolshift::boundaries
