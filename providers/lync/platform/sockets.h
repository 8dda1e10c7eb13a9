// Sockets of a server: from Get-NetTCPConnection, or, on servers before Windows Server 2012, from
// the lines of `netstat -ano`. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "providers/lync/platform/facts.h"

namespace poolshift::lync {

struct Socket {
  bool listening = false;  // else established
  std::string local, remote;
  int port = 0, remote_port = 0;
  std::optional<std::int64_t> since;  // milliseconds since 1970
  bool operator==(const Socket&) const = default;
};

// Nothing when the fact is not known.
std::optional<std::vector<Socket>> SocketsOf(const Facts& server);

// Rows of TCP in state LISTENING or ESTABLISHED; all other lines are left out.
std::vector<Socket> ReadNetstat(const std::vector<std::string>& lines);

// On any address that is not one of `inside`.
bool ListensOutside(const std::vector<Socket>& sockets,
                    int port,
                    const std::vector<std::string>& inside);

// On any address.
bool Listens(const std::vector<Socket>& sockets, int port);

struct StreamsSeen {
  std::int64_t count = 0;
  std::optional<std::int64_t> oldest;  // begin, milliseconds since 1970
};
// Established from either side, with `port` at the side that was called; not on the inside.
StreamsSeen StreamsOn(const std::vector<Socket>& sockets,
                      int port,
                      const std::vector<std::string>& inside);

}  // namespace poolshift::lync
