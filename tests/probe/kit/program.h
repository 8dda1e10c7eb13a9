// A program that a test starts and ends: in a process group of its own, gone with the object.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace poolshift::probe::testing {

class Program {
 public:
  // `arguments[0]`: the path of the program. What it prints goes to the file `log`.
  Program(std::vector<std::string> arguments, std::string log);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return process_; }
  bool Runs();
  // SIGKILL for the whole group.
  void Kill();
  // While stopped, its ports are open and nobody answers.
  void Freeze() const;
  std::string Log() const;

 private:
  pid_t process_ = -1;
  const std::string log_;
};

// Waits until a connection can be opened; throws with the program's log when it ends before.
void AwaitPort(Program& program, const std::string& address, int port);

// Standard output and error of a shell command. Throws with them when it fails.
std::string Run(const std::string& command);

// A port of 127.0.0.1 that is free for UDP and TCP.
int FreePort();

// An address of 127.0.0.0/8 that nobody else on this machine uses.
std::string LoopbackAddress();

}  // namespace poolshift::probe::testing
