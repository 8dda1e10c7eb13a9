#include "tests/probe/kit/program.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "absl/time/clock.h"

#include "fmt/format.h"
#include "providers/probe/look/connecting.h"
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace poolshift::probe::testing {

Program::Program(std::vector<std::string> arguments, std::string log) : log_(std::move(log)) {
  std::vector<char*> words;
  for (std::string& word : arguments)
    words.push_back(word.data());
  words.push_back(nullptr);
  const pid_t parent = getpid();
  process_ = fork();
  if (process_ != 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  setpgid(0, 0);
  const int output = open(log_.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  const int input = open("/dev/null", O_RDONLY);
  dup2(input, 0);
  dup2(output, 1);
  dup2(output, 2);
  execv(words[0], words.data());
  _exit(127);
}

Program::~Program() { Kill(); }

bool Program::Runs() {
  if (process_ > 0 && waitpid(process_, nullptr, WNOHANG) == process_) process_ = -1;
  return process_ > 0;
}

void Program::Kill() {
  if (process_ <= 0) return;
  kill(-process_, SIGKILL);
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  process_ = -1;
}

void Program::Freeze() const { kill(-process_, SIGSTOP); }

std::string Program::Log() const {
  std::stringstream text;
  text << std::ifstream(log_).rdbuf();
  return text.str();
}

void AwaitPort(Program& program, const std::string& address, int port) {
  for (int tries = 0; tries < 3000; ++tries) {
    const Connection connection = Connect(address, port, absl::Now() + absl::Seconds(1), false);
    if (connection.verdict.state == State::kOpen) return;
    if (!program.Runs()) break;
    absl::SleepFor(absl::Milliseconds(20));
  }
  throw std::runtime_error(
      fmt::format("nobody listens on {}:{}; its log:\n{}", address, port, program.Log()));
}

std::string Run(const std::string& command) {
  std::string output;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::array<char, 4096> buffer{};
  for (std::size_t size = 0; (size = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    output.append(buffer.data(), size);
  if (const int status = pclose(pipe); status != 0)
    throw std::runtime_error(fmt::format("`{}` ended with {}: {}", command, status, output));
  return output;
}

int FreePort() {
  static int next = 29000 + static_cast<int>(getpid()) % 3000;
  for (int tries = 0; tries < 1000; ++tries) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(++next));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bool free = true;
    for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
      const Socket socket(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
      free = free && bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    if (free) return next;
  }
  throw std::runtime_error("no free port");
}

std::string LoopbackAddress() {
  static int next = 0;
  const int process = static_cast<int>(getpid());
  return fmt::format("127.{}.{}.{}", 64 + process / 256 % 128, process % 256, 1 + ++next % 250);
}

}  // namespace poolshift::probe::testing
