#include "tests/ssh/server/ssh_server.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace poolshift::ssh::testing {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool Answers(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  const bool connected =
      ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return connected;
}

void MakeKey(const std::string& path) {
  const std::string command = "ssh-keygen -q -t ed25519 -N '' -C '' -f " + path;
  if (std::system(command.c_str()) != 0) throw std::runtime_error("ssh-keygen failed");
}

std::vector<pid_t> ChildrenOf(pid_t parent) {
  const std::string process = std::to_string(parent);
  std::ifstream list("/proc/" + process + "/task/" + process + "/children");
  return {std::istream_iterator<pid_t>(list), std::istream_iterator<pid_t>()};
}

std::string PublicKey(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
    text.pop_back();
  return text;
}

}  // namespace

int FreePort() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no free port on loopback");
  }
  ::close(fd);
  return ntohs(address.sin_port);
}

SshServer::SshServer(std::vector<std::string> lines) : lines_(std::move(lines)) {
  for (const char* name : {"host", "client", "foreign"})
    MakeKey(folder_.Path(name));
  folder_.Write("authorized_keys", folder_.Read("client.pub"));
  std::filesystem::create_directories(folder_.Path("home"));
  if (::geteuid() == 0) std::filesystem::create_directories("/run/sshd");
  port_ = FreePort();
  Start();
}

SshServer::~SshServer() { Stop(); }

std::string SshServer::user() const { return ::getpwuid(::geteuid())->pw_name; }
std::string SshServer::host_key() const { return PublicKey(folder_.Read("host.pub")); }
std::string SshServer::foreign_host_key() const { return PublicKey(folder_.Read("foreign.pub")); }

void SshServer::Start() {
  std::string configuration = "ListenAddress 127.0.0.1\nPort " + std::to_string(port_) +
                              "\nHostKey " + folder_.Path("host") + "\nAuthorizedKeysFile " +
                              folder_.Path("authorized_keys") + "\nPidFile none\nUsePAM no\n" +
                              "PermitRootLogin prohibit-password\nPasswordAuthentication no\n" +
                              "KbdInteractiveAuthentication no\nStrictModes no\nUseDNS no\n" +
                              "MaxStartups 200\nSetEnv HOME=" + folder_.Path("home") + "\n";
  for (const std::string& line : lines_)
    configuration += line + "\n";
  folder_.Write("sshd_config", configuration);
  const std::string file = folder_.Path("sshd_config"), log = folder_.Path("log");
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ == 0) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    ::execl(
        "/usr/sbin/sshd", "/usr/sbin/sshd", "-D", "-f", file.c_str(), "-E", log.c_str(), nullptr);
    ::_exit(127);
  }
  ::setpgid(process_, process_);
  for (int look = 0; look < 1000; ++look) {
    if (Answers(port_)) return;
    if (::waitpid(process_, nullptr, WNOHANG) == process_) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  process_ = -1;
  throw std::runtime_error("sshd does not start (install openssh-server): " + Log());
}

void SshServer::Stop() {
  if (process_ <= 0) return;
  // Each connection has a process in a session of its own, and each of its commands another.
  std::vector<pid_t> all = {process_};
  for (std::size_t at = 0; at < all.size(); ++at) {
    for (const pid_t child : ChildrenOf(all[at]))
      all.push_back(child);
  }
  for (const pid_t process : all)
    ::kill(process, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

}  // namespace poolshift::ssh::testing
