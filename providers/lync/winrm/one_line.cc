#include "providers/lync/winrm/one_line.h"

#include "controller/model/whole_letters.h"

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
  line.resize(WholeLetters(line, kLongest));
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace poolshift::lync::winrm
