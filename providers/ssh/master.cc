#include "providers/ssh/master.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "absl/time/clock.h"

#include "controller/model/try.h"
#include "controller/world/system_error.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift::ssh {
namespace {

constexpr std::array<const char*, 2> kPrograms = {"/usr/bin/ssh", "/usr/local/bin/ssh"};

absl::StatusOr<Descriptor> OpenProgram() {
  for (const char* path : kPrograms) {
    Descriptor program(::open(path, O_RDONLY | O_CLOEXEC));
    if (program.is_open()) return program;
  }
  return absl::UnavailableError("there is no /usr/bin/ssh on this machine; install openssh-client");
}

struct Meaning {
  const char* words;
  const char* advice;
};

constexpr std::array<Meaning, 9> kMeanings = {{
    {"Host key verification failed",
     "it does not show the host key that is declared for it; find out why before you declare "
     "another"},
    {"Permission denied",
     "it does not take this account with this key; put the public key into the account's "
     "authorized_keys"},
    {"Too many authentication failures", "it does not take this account with this key"},
    {"Could not resolve hostname", "its name does not resolve; declare its address"},
    {"Connection refused", "no sshd listens there"},
    {"timed out", "nothing answers there"},
    {"No route to host", "nothing answers there"},
    {"Network is unreachable", "this machine has no route to it"},
    {"Load key", "the private key cannot be used"},
}};

// The last lines, in one.
std::string Condensed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text.pop_back();
  if (text.size() > 400) text.erase(0, text.size() - 400);
  std::string line;
  for (const char letter : text) {
    if (letter == '\r') continue;
    if (letter == '\n') {
      line += "; ";
    } else {
      line += letter;
    }
  }
  return line;
}

}  // namespace

std::string Explained(const Target& target, const std::string& words) {
  const auto meaning = std::find_if(kMeanings.begin(), kMeanings.end(), [&](const Meaning& entry) {
    return words.find(entry.words) != std::string::npos;
  });
  std::string text = target.name + " cannot be reached over SSH (" + ToString(target) + ')';
  if (meaning != kMeanings.end()) text += std::string(": ") + meaning->advice;
  const std::string said = Condensed(words);
  return said.empty() ? text : text + " [" + said + ']';
}

absl::StatusOr<std::unique_ptr<Master>> Master::Start(Processes& processes,
                                                      const Target& target,
                                                      const std::string& control_path,
                                                      const std::string& known_hosts,
                                                      absl::Time deadline) {
  POOLSHIFT_ASSIGN(const Descriptor program, OpenProgram());
  Descriptor log(::memfd_create("ssh", MFD_CLOEXEC));
  if (!log.is_open()) return SystemError("cannot keep what ssh says", errno);
  ::unlink(control_path.c_str());
  Launch launch;
  launch.program = program.number();
  launch.arguments = MasterArguments(target, control_path, known_hosts);
  launch.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"};
  launch.output = log.number();
  POOLSHIFT_ASSIGN(std::unique_ptr<Process> process, processes.Start(launch));
  std::unique_ptr<Master> master(new Master(std::move(process), control_path, std::move(log)));
  // ssh makes the socket when it has logged in, whole and in one step.
  absl::Duration pause = absl::Milliseconds(2);
  while (::access(control_path.c_str(), F_OK) != 0) {
    if (master->process_->Wait(pause).has_value())
      return absl::UnavailableError(Explained(target, master->Words()));
    if (absl::Now() >= deadline)
      return absl::UnavailableError(Explained(target, "the log-in timed out"));
    pause = std::min(pause * 2, absl::Milliseconds(20));
  }
  return master;
}

std::string Master::Words() const {
  struct stat status {};
  if (::fstat(log_.number(), &status) != 0 || status.st_size <= 0) return "";
  std::string text(static_cast<std::size_t>(std::min<off_t>(status.st_size, 65536)), '\0');
  const ssize_t got = ::pread(
      log_.number(), text.data(), text.size(), status.st_size - static_cast<off_t>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

}  // namespace poolshift::ssh
