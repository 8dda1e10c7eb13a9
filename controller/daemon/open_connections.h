// OpenConnections: how many connections that were handed on are still open. Who took one closes it
// and does not say so; each socket has a number of its own, which shows whether it is still there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace poolshift {

// Not thread-safe.
class OpenConnections {
 public:
  OpenConnections(std::size_t most, std::size_t most_of_one) : most_(most), of_one_(most_of_one) {}

  // False when there are too many, of everybody or of this peer. `socket` stays with the caller.
  bool Admit(int socket, const std::string& peer);

 private:
  struct Connection {
    std::uint64_t number = 0;  // of the socket (st_ino)
    std::string peer;
  };

  const std::size_t most_, of_one_;
  std::map<int, Connection> connections_;  // by descriptor
};

}  // namespace poolshift
