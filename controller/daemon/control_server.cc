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
#include "controller/model/try.h"
#include "controller/world/system_error.h"
#include <grp.h>
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

absl::StatusOr<Descriptor> Listen(const std::string& path) {
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
  Descriptor listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listening.is_open()) return SystemError(path + ": socket", errno);
  // Who may connect is decided by roles, not by the mode; the folder's mode still counts.
  constexpr mode_t kEverybody = 0666;
  if (::bind(listening.number(), Generic(*address), sizeof(*address)) != 0 ||
      ::chmod(path.c_str(), kEverybody) != 0 || ::listen(listening.number(), kWaiting) != 0)
    return SystemError(path + ": cannot listen", errno);
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
  Account(Caller caller, Desk& desk, PageDoor* pages)
      : service_(
            [caller = std::move(caller)](const grpc::ServerContext& /*context*/) {
              return Admitted{caller, nullptr};
            },
            desk,
            pages) {
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
  absl::StatusOr<Descriptor> listening = Listen(path);
  if (!listening.ok()) return listening.status();
  std::unique_ptr<ControlServer> server(new ControlServer(path, std::move(roles), desk, pages));
  POOLSHIFT_ASSIGN(
      server->acceptor_,
      Acceptor::Start(*std::move(listening), [made = server.get()](Descriptor connection) {
        made->TakeOver(std::move(connection));
      }));
  return server;
}

ControlServer::ControlServer(std::string path, Roles roles, Desk& desk, PageDoor* pages)
    : path_(std::move(path)), roles_(std::move(roles)), desk_(desk), pages_(pages) {}

ControlServer::~ControlServer() {
  acceptor_.reset();
  accounts_.clear();
  ::unlink(path_.c_str());
}

void ControlServer::TakeOver(Descriptor connection) {
  ucred peer{};
  socklen_t size = sizeof(peer);
  const bool known = ::getsockopt(connection.number(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
  if (!known || (accounts_.size() >= kMostAccounts && !accounts_.contains(peer.uid))) return;
  std::unique_ptr<Account>& account = accounts_[peer.uid];
  if (account == nullptr) {
    const std::string name = AccountOf(peer.uid);
    account = std::make_unique<Account>(
        Caller{name, roles_.Of(name, GroupsOf(name, peer.gid)), name}, desk_, pages_);
  }
  account->TakeOver(connection.Release());
}

}  // namespace poolshift
