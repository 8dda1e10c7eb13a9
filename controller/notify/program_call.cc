#include "controller/notify/program_call.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include "controller/world/descriptor.h"
#include "controller/world/system_error.h"
#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

namespace poolshift::notify {
namespace {

constexpr absl::Duration kNod = absl::Milliseconds(10);

class Actions {
 public:
  explicit Actions(int input) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  }
  ~Actions() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  absl::Status Start(const std::vector<std::string>& command, pid_t& child) const {
    std::vector<char*> words;
    for (const std::string& word : command)
      words.push_back(const_cast<char*>(word.c_str()));  // NOLINT: as exec wants it
    words.push_back(nullptr);
    std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    const std::array<char*, 2> environment = {path.data(), nullptr};
    const int error = posix_spawn(
        &child, command.front().c_str(), &actions_, &attributes_, words.data(), environment.data());
    return error == 0 ? absl::OkStatus() : SystemError("cannot run " + command.front(), error);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

absl::Status EndOf(const std::string& program, int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::AbortedError(
      program + (WIFEXITED(status) ? " exited with status " + std::to_string(WEXITSTATUS(status))
                                   : " was ended by signal " + std::to_string(WTERMSIG(status))));
}

}  // namespace

absl::Status CallProgram(const std::vector<std::string>& command,
                         const std::string& input,
                         Clock& clock,
                         absl::Duration time_limit) {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
    return SystemError("cannot make a pair of sockets", errno);
  Descriptor ours(pair[0]);
  Descriptor theirs(pair[1]);
  pid_t child = -1;
  const absl::Status started = Actions(theirs.number()).Start(command, child);
  if (!started.ok()) return started;
  theirs.Close();
  std::string_view rest = input;
  const absl::Duration end = clock.Elapsed() + time_limit;
  while (true) {
    if (!rest.empty()) {
      const ssize_t sent =
          ::send(ours.number(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) rest.remove_prefix(static_cast<std::size_t>(sent));
      // One that does not read is judged by how it ends.
      if (sent < 0 && errno != EAGAIN && errno != EINTR) rest = {};
    }
    if (rest.empty()) ours.Close();
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) == child) return EndOf(command.front(), status);
    if (clock.Elapsed() >= end) {
      ::kill(-child, SIGKILL);
      ::waitpid(child, &status, 0);
      return absl::DeadlineExceededError(command.front() + " did not end in time");
    }
    clock.Sleep(kNod);
  }
}

}  // namespace poolshift::notify
