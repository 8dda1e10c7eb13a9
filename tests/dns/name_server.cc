#include "tests/dns/name_server.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace poolshift::dns::testing {
namespace {

bool CanBind(int family, int type, int port) {
  const int fd = socket(family, type | SOCK_CLOEXEC, 0);
  const int on = 1;
  if (type == SOCK_STREAM) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  int result = 0;
  if (family == AF_INET) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    result = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
  } else {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(static_cast<std::uint16_t>(port));
    address.sin6_addr = in6addr_loopback;
    result = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  close(fd);
  return result == 0;
}

pid_t Spawn(std::vector<std::string> arguments, const std::string& log) {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  setpgid(0, 0);  // NSD has children
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  const int fd = open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  dup2(fd, 1);
  dup2(fd, 2);
  std::vector<char*> words;
  for (std::string& word : arguments)
    words.push_back(word.data());
  words.push_back(nullptr);
  execv(words[0], words.data());
  _exit(127);
}

}  // namespace

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "poolshift-dns-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::Write(const std::string& name, const std::string& content, mode_t mode) const {
  const std::string path = path_ + "/" + name;
  std::ofstream(path) << content;
  chmod(path.c_str(), mode);
  return path;
}

std::string Folder::Read(const std::string& name) const {
  std::stringstream text;
  text << std::ifstream(path_ + "/" + name).rdbuf();
  return text.str();
}

int FreePort() {
  for (int tries = 0; tries < 1000; ++tries) {
    // Below the range from which the kernel takes ports for others.
    static int next = 20000 + static_cast<int>(getpid()) % 9000;
    const int port = ++next;
    if (CanBind(AF_INET, SOCK_DGRAM, port) && CanBind(AF_INET, SOCK_STREAM, port) &&
        CanBind(AF_INET6, SOCK_DGRAM, port) && CanBind(AF_INET6, SOCK_STREAM, port)) {
      return port;
    }
  }
  throw std::runtime_error("no free port");
}

std::string OutputOf(const std::string& command) {
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  char buffer[4096];
  for (std::size_t size = 0; (size = fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    output.append(buffer, size);
  }
  pclose(pipe);
  return output;
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  return lines;
}

NameServer::NameServer(ServerSpec spec) : spec_(std::move(spec)), port_(FreePort()) {
  std::string zone = fmt::format(
      "$TTL 300\n@ SOA ns hostmaster {} 3600 600 86400 60\n@ NS ns\n"
      "ns A 127.0.0.1\n",
      spec_.serial);
  for (const std::string& record : spec_.records)
    zone += record + "\n";
  folder_.Write("zone", zone);
  folder_.Write("conf",
                spec_.product == Product::kBind   ? BindConfiguration()
                : spec_.product == Product::kKnot ? KnotConfiguration()
                                                  : NsdConfiguration());
  Start();
}

NameServer::~NameServer() { Stop(); }

void NameServer::Start() {
  const std::string conf = folder_.path() + "/conf";
  const std::string log = folder_.path() + "/log";
  process_ = spec_.product == Product::kBind
                 ? Spawn({"/usr/sbin/named", "-n", "1", "-g", "-c", conf}, log)
             : spec_.product == Product::kKnot ? Spawn({"/usr/sbin/knotd", "-c", conf}, log)
                                               : Spawn({"/usr/sbin/nsd", "-d", "-c", conf}, log);
  for (int tries = 0; tries < 400; ++tries) {
    if (!Short(spec_.zone, "SOA").empty()) return;
    if (waitpid(process_, nullptr, WNOHANG) == process_) process_ = -1;
    if (process_ < 0) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  throw std::runtime_error("the name server does not start:\n" + Log());
}

void NameServer::Stop() {
  if (process_ < 0) return;
  kill(-process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  process_ = -1;
}

void NameServer::Freeze() {
  kill(-process_, SIGSTOP);
  waitpid(process_, nullptr, WUNTRACED);
}
void NameServer::Thaw() { kill(-process_, SIGCONT); }
std::string NameServer::Log() const { return folder_.Read("log"); }

std::string NameServer::BindConfiguration() const {
  std::string keys, grants;
  for (const KeyLine& key : spec_.keys) {
    keys += fmt::format(
        "key \"{}\" {{ algorithm {}; secret \"{}\"; }};\n", key.name, key.algorithm, key.secret);
  }
  for (const GrantRequest& request : spec_.grants) {
    for (const std::string& line : BindGrant(request)) {
      if (line.find("grant ") != std::string::npos) grants += line + "\n";
    }
  }
  return fmt::format(
      "{0}options {{ directory \"{1}\"; pid-file \"{1}/pid\"; session-keyfile \"{1}/session\";\n"
      "  managed-keys-directory \"{1}\"; recursion no; dnssec-validation no; notify no;\n"
      "  listen-on port {2} {{ 127.0.0.1; }}; listen-on-v6 port {2} {{ ::1; }}; }};\n"
      "controls {{ }};\n"
      "zone \"{3}\" {{ type primary; file \"zone\"; update-policy {{\n{4}}}; }};\n",
      keys,
      folder_.path(),
      port_,
      spec_.zone,
      grants);
}

std::string NameServer::NsdConfiguration() const {
  std::string keys;
  for (const KeyLine& key : spec_.keys) {
    keys += fmt::format("key:\n  name: \"{}\"\n  algorithm: {}\n  secret: \"{}\"\n",
                        key.name,
                        key.algorithm,
                        key.secret);
  }
  return fmt::format(
      "server:\n  ip-address: 127.0.0.1@{0}\n  ip-address: ::1@{0}\n  username: \"\"\n"
      "  zonesdir: \"{1}\"\n  database: \"\"\n  pidfile: \"{1}/pid\"\n"
      "  zonelistfile: \"{1}/zone.list\"\n  xfrdfile: \"{1}/xfrd.state\"\n  xfrdir: \"{1}\"\n"
      "  server-count: 1\nremote-control:\n  control-enable: no\n"
      "{2}zone:\n  name: {3}\n  zonefile: zone\n",
      port_,
      folder_.path(),
      keys,
      spec_.zone);
}

std::string NameServer::KnotConfiguration() const {
  std::string keys = spec_.keys.empty() ? "" : "key:\n", rules;
  std::vector<std::string> names;
  for (const KeyLine& key : spec_.keys) {
    keys += fmt::format(
        "  - id: {}\n    algorithm: {}\n    secret: {}\n", key.name, key.algorithm, key.secret);
  }
  for (const GrantRequest& request : spec_.grants) {
    const std::vector<std::string> lines = KnotGrant(request);
    const std::string id = fmt::format("rule-{}", names.size());
    rules += (names.empty() ? "acl:\n  - id: " : "  - id: ") + id + "\n";
    // Between the rule's id and the zone section.
    for (auto line = lines.begin() + 2; *line != "zone:"; ++line)
      rules += *line + "\n";
    names.push_back(id);
  }
  return fmt::format(
      "server:\n  rundir: {0}\n  pidfile: {0}/pid\n  listen: [127.0.0.1@{1}, \"::1@{1}\"]\n"
      "  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\n"
      "log:\n  - target: stderr\n    any: info\ndatabase:\n  storage: {0}\n"
      "{2}{3}zone:\n  - domain: {4}\n    storage: {0}\n    file: zone\n    zonefile-sync: -1\n"
      "    zonefile-load: whole\n    journal-content: none\n    acl: [{5}]\n",
      folder_.path(),
      port_,
      keys,
      rules,
      spec_.zone,
      fmt::join(names, ", "));
}

std::vector<std::string> NameServer::Dig(const std::string& name, const std::string& type) const {
  return LinesOf(OutputOf(
      fmt::format("dig +tries=1 +time=2 +noall +answer +nottlid +noclass -p {} @127.0.0.1 {} {} "
                  "2>&1 | grep -v '^;' | tr -s '\\t ' ' '",
                  port_,
                  name,
                  type)));
}

std::vector<std::string> NameServer::Short(const std::string& name, const std::string& type) const {
  return LinesOf(
      OutputOf(fmt::format("dig +tries=1 +time=2 +short -p {} @127.0.0.1 {} {} 2>&1 | grep -v '^;'",
                           port_,
                           name,
                           type)));
}

}  // namespace poolshift::dns::testing
