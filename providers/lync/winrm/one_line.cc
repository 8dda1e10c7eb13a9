#include "providers/lync/winrm/one_line.h"

namespace poolshift::lync::winrm {
namespace {

constexpr std::size_t kLongest = 300;

}  // namespace

std::string OneLine(std::string_view text) {
  std::string line;
  for (const char letter : text) {
    const bool shown = static_cast<unsigned char>(letter) > ' ' && letter != 0x7F;
    if (shown) line += letter;
    if (!shown && !line.empty() && line.back() != ' ') line += ' ';
  }
  if (line.size() > kLongest) {
    // At the beginning of a character, never within one (RFC 3629: bytes within begin with 10).
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U)
      --end;
    line.resize(end);
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace poolshift::lync::winrm
