// Machine: a real systemd machine with sshd on 127.0.0.1:22 and the stage of stage.sh, booted when
// it is first asked for. One a test program. Its constructor throws where the kernel does not allow
// it.
#pragma once

#include <string>
#include <vector>

#include "controller/model/value.h"

namespace poolshift::testing_hosts {

struct Ended {
  int status = 0;
  std::string out;  // and what it complained of
};

class Machine {
 public:
  static Machine& Get();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // A command on the machine, past sshd and past the providers: the independent witness. A shell
  // line.
  Ended Do(const std::string& line) const;
  // Fails the test when the status is not 0.
  std::string Must(const std::string& line) const;
  // Until the line ends with status 0; fails the test after half a minute.
  void Await(const std::string& line) const;

  std::string key_file() const { return "/mnt/machine/client"; }
  std::string host_key() const;

  // A server's `ssh` section. `account`: root, or `watcher`, who may look and no more.
  Value Ssh(const std::string& account = "root") const;

 private:
  Machine();
};

}  // namespace poolshift::testing_hosts
