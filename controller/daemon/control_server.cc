#include "controller/daemon/control_server.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_posix.h>

#include "controller/daemon/control_service.h"
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace poolshift {
namespace {

constexpr std::size_t kMostAccounts = 64;
constexpr int kLargestRequest = 64 * 1024;
constexpr int kThreadsAnAccount = 8;
constexpr int kWaiting = 64;

absl::Status SystemError(const std::string& path, const char* what) {
  return absl::InternalError(path + ": " + what + ": " + std::strerror(errno));
}

absl::StatusOr<sockaddr_un> AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(path + ": the path of a socket has at most " +
                                      std::to_string(sizeof(address.sun_path) - 1) +
                                      " bytes; name a shorter one with --socket");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* Generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);  // NOLINT: how sockets are named
}

bool SomebodyListens(const sockaddr_un& address) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool listens = ::connect(probe, Generic(address), sizeof(address)) == 0;
  ::close(probe);
  return listens;
}

absl::StatusOr<int> Listen(const std::string& path) {
  const absl::StatusOr<sockaddr_un> address = AddressOf(path);
  if (!address.ok()) return address.status();
  if (SomebodyListens(*address)) {
    return absl::FailedPreconditionError(path +
                                         ": another daemon listens here; stop it, or choose "
                                         "another place with --socket");
  }
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) {
    if (!S_ISSOCK(status.st_mode))
      return absl::FailedPreconditionError(path + ": there is something that is no socket");
    ::unlink(path.c_str());
  }
  const int listening = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listening < 0) return SystemError(path, "socket");
  // Who may connect is decided by roles, not by the mode; the folder's mode still counts.
  constexpr mode_t kEverybody = 0666;
  if (::bind(listening, Generic(*address), sizeof(*address)) != 0 ||
      ::chmod(path.c_str(), kEverybody) != 0 || ::listen(listening, kWaiting) != 0) {
    const absl::Status failed = SystemError(path, "cannot listen");
    ::close(listening);
    return failed;
  }
  return listening;
}

std::string AccountOf(uid_t user) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16384> room{};
  if (::getpwuid_r(user, &entry, room.data(), room.size(), &found) == 0 && found != nullptr)
    return found->pw_name;
  return "uid " + std::to_string(user);
}

std::vector<std::string> GroupsOf(const std::string& account, gid_t first) {
  constexpr int kMost = 1024;
  std::vector<gid_t> ids(kMost);
  int count = kMost;
  if (::getgrouplist(account.c_str(), first, ids.data(), &count) < 0) return {};
  std::vector<std::string> names;
  std::array<char, 65536> room{};
  for (int i = 0; i < count; ++i) {
    group entry{};
    group* found = nullptr;
    if (::getgrgid_r(ids[static_cast<std::size_t>(i)], &entry, room.data(), room.size(), &found) ==
            0 &&
        found != nullptr)
      names.emplace_back(found->gr_name);
  }
  return names;
}

}  // namespace

// The API as one account sees it.
class ControlServer::Account {
 public:
  Account(Caller caller, Desk& desk, PageDoor* pages) : service_(std::move(caller), desk, pages) {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    builder.SetMaxReceiveMessageSize(kLargestRequest);
    builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
    builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MIN_POLLERS, 1);
    builder.SetResourceQuota(grpc::ResourceQuota().SetMaxThreads(kThreadsAnAccount));
    server_ = builder.BuildAndStart();
  }
  ~Account() { server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(2)); }

  void TakeOver(int connection) { grpc::AddInsecureChannelFromFd(server_.get(), connection); }

 private:
  ControlService service_;
  std::unique_ptr<grpc::Server> server_;
};

absl::StatusOr<std::unique_ptr<ControlServer>> ControlServer::Start(const std::string& path,
                                                                    Roles roles,
                                                                    Desk& desk,
                                                                    PageDoor* pages) {
  const absl::StatusOr<int> listening = Listen(path);
  if (!listening.ok()) return listening.status();
  int stop[2];
  if (::pipe2(stop, O_CLOEXEC) != 0) return SystemError(path, "pipe");
  return std::unique_ptr<ControlServer>(
      new ControlServer(path, *listening, stop[0], stop[1], std::move(roles), desk, pages));
}

ControlServer::ControlServer(std::string path,
                             int listening,
                             int stop_read,
                             int stop_write,
                             Roles roles,
                             Desk& desk,
                             PageDoor* pages)
    : path_(std::move(path)),
      listening_(listening),
      stop_read_(stop_read),
      stop_write_(stop_write),
      roles_(std::move(roles)),
      desk_(desk),
      pages_(pages),
      thread_([this] { Accept(); }) {}

ControlServer::~ControlServer() {
  ::close(stop_write_);
  thread_.join();
  accounts_.clear();
  ::close(listening_);
  ::close(stop_read_);
  ::unlink(path_.c_str());
}

void ControlServer::Accept() {
  while (true) {
    std::array<pollfd, 2> waits = {{{listening_, POLLIN, 0}, {stop_read_, POLLIN, 0}}};
    if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) return;
    if (waits[1].revents != 0) return;
    if (waits[0].revents == 0) continue;
    const int connection = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (connection >= 0) TakeOver(connection);
  }
}

void ControlServer::TakeOver(int connection) {
  ucred peer{};
  socklen_t size = sizeof(peer);
  const bool known = ::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
  if (!known || (accounts_.size() >= kMostAccounts && !accounts_.contains(peer.uid))) {
    ::close(connection);
    return;
  }
  std::unique_ptr<Account>& account = accounts_[peer.uid];
  if (account == nullptr) {
    const std::string name = AccountOf(peer.uid);
    account = std::make_unique<Account>(
        Caller{name, roles_.Of(name, GroupsOf(name, peer.gid))}, desk_, pages_);
  }
  account->TakeOver(connection);
}

}  // namespace poolshift
