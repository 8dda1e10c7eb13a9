#include "providers/lync/winrm/target.h"

namespace poolshift::lync::winrm {

std::string UrlOf(const Target& target) {
  return "https://" + target.name + ':' + std::to_string(target.port) + "/wsman";
}

std::string ToString(const Target& target) {
  const std::string login = target.login == Login::kBasic       ? "Basic as " + target.user
                            : target.login == Login::kNegotiate ? "Negotiate"
                                                                : "a client certificate";
  const bool is_v6 = target.address.find(':') != std::string::npos;
  return (is_v6 ? '[' + target.address + ']' : target.address) + ':' + std::to_string(target.port) +
         ", " + login;
}

}  // namespace poolshift::lync::winrm
