#include "providers/lync/platform/sockets.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

#include "providers/lync/text/json_value.h"

namespace poolshift::lync {
namespace {

bool IsInside(const std::string& address, const std::vector<std::string>& inside) {
  return address == "127.0.0.1" || address == "::1" ||
         std::ranges::find(inside, address) != inside.end();
}

// "10.0.0.5:5269", "[::1]:5269"
bool SplitEnd(absl::string_view text, std::string& address, int& port) {
  const std::size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(text.substr(colon + 1), &port))
    return false;
  address = std::string(text.substr(0, colon));
  if (address.size() > 2 && address.front() == '[' && address.back() == ']')
    address = address.substr(1, address.size() - 2);
  return true;
}

}  // namespace

std::vector<Socket> ReadNetstat(const std::vector<std::string>& lines) {
  std::vector<Socket> sockets;
  for (const std::string& line : lines) {
    const std::vector<std::string> words =
        absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.size() < 4 || words[0] != "TCP") continue;
    Socket socket;
    socket.listening = words[3] == "LISTENING";
    if (!socket.listening && words[3] != "ESTABLISHED") continue;
    if (!SplitEnd(words[1], socket.local, socket.port) ||
        !SplitEnd(words[2], socket.remote, socket.remote_port))
      continue;
    sockets.push_back(std::move(socket));
  }
  return sockets;
}

std::optional<std::vector<Socket>> SocketsOf(const Facts& server) {
  const Value* rows = server.Find("sockets");
  if (rows == nullptr) return std::nullopt;
  if (rows->is_map() && rows->Find("netstat") != nullptr)
    return ReadNetstat(TextsOf(rows->Find("netstat")));
  std::vector<Socket> sockets;
  for (const Value& row : ItemsOf(rows)) {
    Socket socket;
    socket.listening = row.StringOr("state", "") == "Listen";
    socket.local = std::string(row.StringOr("local", ""));
    socket.remote = std::string(row.StringOr("remote", ""));
    socket.port = static_cast<int>(row.IntegerOr("port", 0));
    socket.remote_port = static_cast<int>(row.IntegerOr("remotePort", 0));
    socket.since = Milliseconds(row.StringOr("since", ""));
    sockets.push_back(std::move(socket));
  }
  return sockets;
}

bool ListensOutside(const std::vector<Socket>& sockets,
                    int port,
                    const std::vector<std::string>& inside) {
  return std::ranges::any_of(sockets, [&](const Socket& socket) {
    return socket.listening && socket.port == port && !IsInside(socket.local, inside);
  });
}

bool Listens(const std::vector<Socket>& sockets, int port) {
  return std::ranges::any_of(
      sockets, [&](const Socket& socket) { return socket.listening && socket.port == port; });
}

StreamsSeen StreamsOn(const std::vector<Socket>& sockets,
                      int port,
                      const std::vector<std::string>& inside) {
  StreamsSeen seen;
  for (const Socket& socket : sockets) {
    if (socket.listening || (socket.port != port && socket.remote_port != port)) continue;
    if (IsInside(socket.local, inside)) continue;
    ++seen.count;
    if (socket.since) seen.oldest = std::min(seen.oldest.value_or(*socket.since), *socket.since);
  }
  return seen;
}

}  // namespace poolshift::lync
