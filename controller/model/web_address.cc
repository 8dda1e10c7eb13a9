#include "controller/model/web_address.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace poolshift {

bool WebAddress::is_loopback() const {
  const bool number = std::all_of(host.begin(), host.end(), [](char letter) {
    return letter == '.' || absl::ascii_isdigit(static_cast<unsigned char>(letter));
  });
  return host == "localhost" || host == "[::1]" || (number && host.starts_with("127."));
}

absl::StatusOr<WebAddress> ParseWebAddress(std::string_view url,
                                           std::string_view plain,
                                           std::string_view encrypted) {
  const std::string forms = std::string(encrypted) + ":// or " + std::string(plain) + "://";
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos)
    return absl::InvalidArgumentError("`" + std::string(url) + "` does not begin with " + forms);
  WebAddress address;
  address.scheme = absl::AsciiStrToLower(std::string(url.substr(0, colon)));
  if (address.scheme != plain && address.scheme != encrypted)
    return absl::InvalidArgumentError("`" + std::string(url) + "` does not begin with " + forms);
  std::string_view rest = url.substr(colon + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (rest.find('@') != std::string_view::npos)
    return absl::InvalidArgumentError("a URL names no user: a password is a `secret`");
  const std::size_t end = rest.starts_with('[') ? rest.find(']') + 1 : rest.find(':');
  address.host = absl::AsciiStrToLower(std::string(rest.substr(0, end)));
  if (address.host.empty() || std::any_of(url.begin(), url.end(), [](char letter) {
        return static_cast<unsigned char>(letter) <= ' ' || letter == '\x7f' || letter == '\\';
      }))
    return absl::InvalidArgumentError("the URL names no host, or has a space in it");
  return address;
}

}  // namespace poolshift
