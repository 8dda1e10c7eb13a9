#include "controller/store/journal.h"

#include <algorithm>
#include <charconv>

namespace poolshift {

std::string DataLine(std::string_view data, std::string_view name) {
  while (!data.empty()) {
    const std::string_view line = data.substr(0, data.find('\n'));
    if (line.starts_with(name) && line.substr(name.size()).starts_with(' '))
      return std::string(line.substr(name.size() + 1));
    data.remove_prefix(std::min(data.size(), line.size() + 1));
  }
  return "";
}

std::int64_t DataNumber(std::string_view data, std::string_view name) {
  const std::string text = DataLine(data, name);
  std::int64_t number = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && stopped == text.data() + text.size() ? number : 0;
}

std::string ToString(const ChainHead& head) { return std::to_string(head.seq) + ':' + head.hash; }

bool ParseHead(std::string_view text, ChainHead& head) {
  constexpr std::size_t kDigits = 64;
  const std::size_t colon = text.find(':');
  head = {};
  if (colon != std::string_view::npos) {
    const char* const end = text.data() + colon;
    const auto [stopped, error] = std::from_chars(text.data(), end, head.seq);
    if (error != std::errc() || stopped != end || head.seq <= 0) return false;
    text.remove_prefix(colon + 1);
  }
  head.hash = text;
  return text.size() == kDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace poolshift
