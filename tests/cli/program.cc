#include "tests/cli/program.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "gtest/gtest.h"

#include "tests/cli/terminal.h"
#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

namespace poolshift {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Exit status, or 128 + signal.
int Wait(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// In the child: becomes the program.
[[noreturn]] void Execute(const ProgramCall& call) {
  if (!call.directory.empty() && ::chdir(call.directory.c_str()) != 0) ::_exit(127);
  std::vector<std::string> words = {"poolshift"};
  words.insert(words.end(), call.words.begin(), call.words.end());
  std::vector<std::string> environment = call.environment;
  ::execve(POOLSHIFT_BIN_DIR "/poolshift", Pointers(words).data(), Pointers(environment).data());
  ::_exit(127);
}

// In the child: never returns.
[[noreturn]] void Become(const ProgramCall& call, const std::filesystem::path& streams) {
  const auto attach = [&streams](const char* name, int flags, int number) {
    const int opened = ::open((streams / name).c_str(), flags, 0600);
    if (opened < 0 || ::dup2(opened, number) < 0) ::_exit(127);
  };
  constexpr int kWrite = O_WRONLY | O_CREAT | O_TRUNC;
  attach("in", O_RDONLY, STDIN_FILENO);
  attach("out", kWrite, STDOUT_FILENO);
  attach("err", kWrite, STDERR_FILENO);
  Execute(call);
}

}  // namespace

ProgramRun RunProgram(const ProgramCall& call) {
  std::string folder = (std::filesystem::temp_directory_path() / "poolshift-cli-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) {
    ADD_FAILURE() << "cannot make a temporary folder: " << folder;
    return {};
  }
  const std::filesystem::path streams = folder;
  std::ofstream(streams / "in", std::ios::binary) << call.input;
  const pid_t child = ::fork();
  if (child == 0) Become(call, streams);
  if (call.started) call.started(child, streams / "err");
  ProgramRun run;
  run.status = Wait(child);
  run.out = ReadAll(streams / "out");
  run.err = ReadAll(streams / "err");
  std::filesystem::remove_all(streams);
  return run;
}

ProgramRun RunOnTerminal(const ProgramCall& call) {
  int terminal = -1;
  winsize size{};
  size.ws_col = 100;
  size.ws_row = 50;
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) Execute(call);
  ProgramRun run;
  if (child < 0 || ::write(terminal, call.input.data(), call.input.size()) < 0) {
    ADD_FAILURE() << "no terminal: " << std::strerror(errno);
    return run;
  }
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(terminal, buffer, sizeof buffer)) > 0;) {
    run.out.append(buffer, static_cast<std::size_t>(got));
  }
  std::erase(run.out, '\r');
  ::close(terminal);
  run.status = Wait(child);
  return run;
}

}  // namespace poolshift
