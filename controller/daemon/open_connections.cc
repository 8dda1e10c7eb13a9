#include "controller/daemon/open_connections.h"

#include <algorithm>

#include <sys/stat.h>

namespace poolshift {
namespace {

// 0 when the descriptor is none, or is no socket.
std::uint64_t NumberOf(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode) ? status.st_ino : 0;
}

}  // namespace

bool OpenConnections::Admit(int socket, const std::string& peer) {
  std::erase_if(connections_,
                [](const auto& each) { return NumberOf(each.first) != each.second.number; });
  const auto of_peer = static_cast<std::size_t>(std::ranges::count_if(
      connections_, [&](const auto& each) { return each.second.peer == peer; }));
  if (connections_.size() >= most_ || of_peer >= of_one_) return false;
  connections_[socket] = {NumberOf(socket), peer};
  return true;
}

}  // namespace poolshift
