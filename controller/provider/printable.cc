#include "controller/provider/printable.h"

#include <algorithm>
#include <cstdint>

namespace poolshift {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

struct Character {
  std::uint32_t code = 0;
  std::size_t size = 0;  // 0: the first byte begins no character
};

unsigned Byte(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

// The character at the start of `text`, which is not empty.
Character Decode(std::string_view text) {
  const unsigned first = Byte(text, 0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return {};
  std::uint32_t code = first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((Byte(text, i) & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (Byte(text, i) & 0x3FU);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kSmallest[size] || code > 0x10FFFF || surrogate) return {};
  return {code, size};
}

bool IsTreacherous(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

void AppendEscaped(std::uint32_t code, std::string& out) {
  out += code < 0x100 ? "\\x" : "\\u";
  for (int shift = code < 0x100 ? 4 : 12; shift >= 0; shift -= 4)
    out += kHex[(code >> shift) & 0xFU];
}

}  // namespace

std::string Printable(std::string_view text) {
  const bool plain = std::all_of(
      text.begin(), text.end(), [](char letter) { return letter >= ' ' && letter <= '~'; });
  if (plain) return std::string(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character character = Decode(text);
    if (character.size == 0) {
      AppendEscaped(Byte(text, 0), out);
      text.remove_prefix(1);
      continue;
    }
    if (IsTreacherous(character.code)) {
      AppendEscaped(character.code, out);
    } else {
      out += text.substr(0, character.size);
    }
    text.remove_prefix(character.size);
  }
  return out;
}

}  // namespace poolshift
