#include "controller/model/whole_letters.h"

#include <algorithm>

namespace poolshift {

std::size_t WholeLetters(std::string_view text, std::size_t most) {
  std::size_t end = std::min(text.size(), most);
  // Bytes within a letter begin with the bits 10 (RFC 3629 section 3).
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return end;
}

}  // namespace poolshift
