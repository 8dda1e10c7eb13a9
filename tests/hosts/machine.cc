#include "tests/hosts/machine.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include <sys/wait.h>

namespace poolshift::testing_hosts {
namespace {

Ended Run(const std::string& line) {
  FILE* pipe = ::popen((line + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell");
  Ended ended;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    ended.out.append(buffer.data(), got);
  const int status = ::pclose(pipe);
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended;
}

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char letter : text)
    quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return quoted + '\'';
}

// /mnt is in memory and ours alone (main.cc), so nothing needs to be removed.
std::string Script(const std::string& words) {
  return std::string(POOLSHIFT_SOURCE_DIR) + "/tests/hosts/" + words + " /mnt/machine";
}

}  // namespace

Machine& Machine::Get() {
  static Machine machine;
  return machine;
}

Machine::Machine() {
  const Ended booted = Run(Script("machine.sh boot"));
  if (booted.status != 0) throw std::runtime_error("no machine: " + booted.out);
  const Ended staged = Run(Script("stage.sh"));
  if (staged.status != 0) throw std::runtime_error("no stage: " + staged.out);
}

Ended Machine::Do(const std::string& line) const {
  return Run(Script("machine.sh exec") + " sh -c " + Quoted(line));
}

std::string Machine::Must(const std::string& line) const {
  const Ended ended = Do(line);
  EXPECT_EQ(ended.status, 0) << line << "\n" << ended.out;
  return ended.out;
}

void Machine::Await(const std::string& line) const {
  Ended ended;
  for (int look = 0; look < 150; ++look) {
    ended = Do(line);
    if (ended.status == 0) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  ADD_FAILURE() << "not within half a minute: " << line << "\n" << ended.out;
}

std::string Machine::host_key() const {
  std::string key;
  std::getline(std::ifstream("/mnt/machine/host.pub"), key);
  while (!key.empty() && (key.back() == '\n' || key.back() == ' '))
    key.pop_back();
  return key;
}

Value Machine::Ssh(const std::string& account) const {
  return Value::Map{{"address", "127.0.0.1"}, {"user", account}, {"hostKey", host_key()}};
}

}  // namespace poolshift::testing_hosts
