#include "tests/notify/far_side.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace poolshift::notify {

FarSide::FarSide(const std::string& kind) {
  std::string made = (std::filesystem::temp_directory_path() / "poolshift-far-XXXXXX").string();
  EXPECT_NE(::mkdtemp(made.data()), nullptr);
  folder_ = made;
  Write("got.password", "canary-secret-mail-0123456789\n");
  std::array<int, 2> pipe{};
  EXPECT_EQ(::pipe(pipe.data()), 0);
  const std::string got = folder_ + "/got";
  child_ = ::fork();
  if (child_ == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    ::close(pipe[0]);
    ::execlp("/usr/bin/python3",
             "/usr/bin/python3",
             POOLSHIFT_SOURCE_DIR "/tests/notify/far_side.py",
             kind.c_str(),
             got.c_str(),
             nullptr);
    ::_exit(127);
  }
  ::close(pipe[1]);
  std::FILE* said = ::fdopen(pipe[0], "r");
  EXPECT_EQ(std::fscanf(said, "%d", &port_), 1) << "the far side did not start";
  std::fclose(said);
}

FarSide::~FarSide() {
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
  std::filesystem::remove_all(folder_);
}

std::vector<nlohmann::json> FarSide::Got() const {
  std::vector<nlohmann::json> all;
  std::ifstream file(folder_ + "/got");
  for (std::string line; std::getline(file, line);)
    all.push_back(nlohmann::json::parse(line));
  return all;
}

std::string FarSide::Write(const std::string& name, const std::string& text) const {
  std::string path = folder_ + '/' + name;
  std::ofstream(path) << text;
  EXPECT_EQ(::chmod(path.c_str(), 0600), 0);
  return path;
}

int ClosedPort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size), 0);
  ::close(socket);
  return ntohs(address.sin_port);
}

}  // namespace poolshift::notify
