// RpcText: what `kamcmd` prints. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace poolshift::sip {

// The members of each structure of a flat answer: "{ id: 1 type: TLS … } { … }".
std::vector<std::map<std::string, std::string, std::less<>>> StructuresIn(std::string_view printed);

// A connection with another server, as `core.tcp_list` shows it.
struct Connection {
  std::string peer_address, own_address;
  int peer_port = 0, own_port = 0;
};

// TLS connections that stand, and that one of both ends calls by the port of server-to-server SIP.
// Clients, which come to another port, are none.
std::vector<Connection> PeersIn(std::string_view tcp_list, int port);

}  // namespace poolshift::sip
