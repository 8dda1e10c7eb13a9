#include "providers/probe/wire/question.h"

#include <iterator>

namespace poolshift::probe {

std::string_view Name(Speech speech) {
  constexpr std::string_view kNames[] = {"tcp", "tls", "sip", "xmpp"};
  return kNames[static_cast<std::size_t>(speech)];
}

std::string_view Name(State state) {
  constexpr std::string_view kNames[] = {"blind", "open", "refused", "filtered", "unreachable"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string Printable(std::string_view text, std::size_t longest) {
  std::string clean;
  for (const char letter : text.substr(0, longest))
    clean += letter >= ' ' && letter <= '~' ? letter : '?';
  if (text.size() > longest) clean += "...";
  return clean;
}

std::string Place(std::string_view host, int port) {
  const bool v6 = host.find(':') != std::string_view::npos;
  return (v6 ? "[" : "") + std::string(host) + (v6 ? "]:" : ":") + std::to_string(port);
}

}  // namespace poolshift::probe
