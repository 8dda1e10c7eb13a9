#include "tests/e2e/child.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include "gtest/gtest.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace poolshift::e2e {
namespace {

constexpr std::chrono::milliseconds kPause{10};

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

void Attach(const std::string& path, int flags, int number) {
  const int opened = ::open(path.c_str(), flags, 0600);
  if (opened < 0 || ::dup2(opened, number) < 0) ::_exit(127);
}

// Each run of a test has files of its own.
std::string NextStreams(const std::string& folder) {
  static int runs = 0;
  return folder + "/run-" + std::to_string(++runs);
}

int StatusOf(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Child::Child(const std::string& folder, std::vector<std::string> words)
    : streams_(NextStreams(folder)) {
  const std::string program = POOLSHIFT_BIN_DIR "/" + words.at(0);
  std::vector<std::string> environment = {"HOME=" + folder, "PATH=/usr/bin:/bin", "NO_COLOR=1"};
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ != 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  Attach("/dev/null", O_RDONLY, STDIN_FILENO);
  Attach(streams_ + ".out", O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
  Attach(streams_ + ".err", O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
  if (::chdir(folder.c_str()) != 0) ::_exit(127);
  ::execve(program.c_str(), Pointers(words).data(), Pointers(environment).data());
  ::_exit(127);
}

Child::~Child() {
  if (Running()) Kill();
}

bool Child::Running() {
  if (process_ < 0) return false;
  int status = 0;
  if (::waitpid(process_, &status, WNOHANG) != process_) return true;
  process_ = -1;
  status_ = StatusOf(status);
  return false;
}

int Child::Wait() {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (Running()) {
    if (std::chrono::steady_clock::now() > end) {
      ADD_FAILURE() << "does not end; so far:\n" << said();
      Kill();
      break;
    }
    std::this_thread::sleep_for(kPause);
  }
  return status_;
}

void Child::Kill() {
  ::kill(process_, SIGKILL);
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = -1;
  status_ = StatusOf(status);
}

void Child::Signal(int number) { ::kill(process_, number); }

std::string Child::out() const { return ReadAll(streams_ + ".out"); }
std::string Child::err() const { return ReadAll(streams_ + ".err"); }

bool Child::WaitFor(const std::string& text) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < end) {
    const bool running = Running();
    if (said().find(text) != std::string::npos) return true;
    if (!running) break;
    std::this_thread::sleep_for(kPause);
  }
  ADD_FAILURE() << "never said \"" << text << "\", but:\n" << said();
  return false;
}

std::vector<pid_t> Child::Children(const std::string& name) const {
  std::vector<pid_t> found;
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/" + std::to_string(process_) + "/task")) {
    std::istringstream children(ReadAll(task.path() / "children"));
    for (pid_t child = 0; children >> child;) {
      const std::string command = ReadAll("/proc/" + std::to_string(child) + "/cmdline");
      if (command.find(name) != std::string::npos) found.push_back(child);
    }
  }
  return found;
}

}  // namespace poolshift::e2e
