#include "providers/sip/server/rpc_text.h"

#include <charconv>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace poolshift::sip {
namespace {

std::string Get(const std::map<std::string, std::string, std::less<>>& structure,
                std::string_view name) {
  const auto found = structure.find(name);
  return found == structure.end() ? "" : found->second;
}

int PortIn(const std::string& text) {
  int port = 0;
  std::from_chars(text.data(), text.data() + text.size(), port);
  return port;
}

}  // namespace

std::vector<std::map<std::string, std::string, std::less<>>> StructuresIn(
    std::string_view printed) {
  std::vector<std::map<std::string, std::string, std::less<>>> structures;
  bool inside = false;
  for (absl::string_view line :
       absl::StrSplit(absl::string_view(printed.data(), printed.size()), '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line == "{") {
      structures.emplace_back();
      inside = true;
    } else if (line == "}") {
      inside = false;
    } else if (const std::size_t colon = line.find(": ");
               inside && colon != absl::string_view::npos) {
      structures.back().emplace(std::string(line.substr(0, colon)),
                                std::string(absl::StripAsciiWhitespace(line.substr(colon + 2))));
    }
  }
  return structures;
}

std::vector<Connection> PeersIn(std::string_view tcp_list, int port) {
  std::vector<Connection> peers;
  for (const auto& structure : StructuresIn(tcp_list)) {
    Connection connection{Get(structure, "src_ip"),
                          Get(structure, "dst_ip"),
                          PortIn(Get(structure, "src_port")),
                          PortIn(Get(structure, "dst_port"))};
    const bool is_peer = connection.peer_port == port || connection.own_port == port;
    const bool stands = Get(structure, "type") == "TLS" && Get(structure, "state") == "CONN_OK";
    if (is_peer && stands) peers.push_back(std::move(connection));
  }
  return peers;
}

}  // namespace poolshift::sip
