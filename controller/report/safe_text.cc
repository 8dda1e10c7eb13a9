#include "controller/report/safe_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace poolshift {
namespace {

struct Letter {
  std::uint32_t point = 0;
  std::size_t size = 0;  // bytes; 0 = not UTF-8
};

struct Range {
  std::uint32_t first, last;
};

template <std::size_t kSize>
bool Within(const std::array<Range, kSize>& ranges, std::uint32_t point) {
  return std::any_of(ranges.begin(), ranges.end(), [point](const Range& range) {
    return point >= range.first && point <= range.last;
  });
}

// Controls (C0, DEL, C1), soft hyphen, Arabic letter mark, zero-width and direction marks,
// separators and overrides, invisible operators and isolates, byte order mark, interlinear marks,
// tags.
constexpr std::array<Range, 10> kUnsafe = {{{0x00, 0x1F},
                                            {0x7F, 0x9F},
                                            {0xAD, 0xAD},
                                            {0x61C, 0x61C},
                                            {0x200B, 0x200F},
                                            {0x2028, 0x202E},
                                            {0x2060, 0x206F},
                                            {0xFEFF, 0xFEFF},
                                            {0xFFF9, 0xFFFB},
                                            {0xE0000, 0xE007F}}};

// Unicode's East Asian "wide" blocks, coarsely.
constexpr std::array<Range, 6> kWide = {{{0x1100, 0x115F},
                                         {0x2E80, 0xA4CF},
                                         {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F},
                                         {0xFF00, 0xFF60}}};

std::size_t SequenceSize(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

bool IsShortestForm(std::uint32_t point, std::size_t size) {
  if (size == 3) return point >= 0x800 && (point < 0xD800 || point > 0xDFFF);
  if (size == 4) return point >= 0x10000 && point <= 0x10FFFF;
  return true;
}

Letter Decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = SequenceSize(lead);
  if (size == 1) return {lead, 1};
  if (size == 0 || text.size() < size) return {lead, 0};
  std::uint32_t point = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80U) return {lead, 0};
    point = (point << 6U) | (byte & 0x3FU);
  }
  return IsShortestForm(point, size) ? Letter{point, size} : Letter{lead, 0};
}

std::string Hexadecimal(std::uint32_t number, std::size_t least_digits) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (; number > 0; number >>= 4U)
    text += kDigits[number & 0xFU];
  while (text.size() < least_digits)
    text += '0';
  std::reverse(text.begin(), text.end());
  return text;
}

}  // namespace

// Eight bytes at a time: this looks at every byte that is printed. A byte shows in its highest bit
// when it is less than a space (the difference borrows), `DEL` (the sum reaches that bit) or no
// ASCII.
std::size_t PlainSize(std::string_view text) {
  constexpr std::uint64_t kEach = 0x0101010101010101;
  std::size_t size = 0;
  for (std::uint64_t eight = 0; size + sizeof eight <= text.size(); size += sizeof eight) {
    std::memcpy(&eight, text.data() + size, sizeof eight);
    if (((eight - kEach * ' ') | (eight + kEach) | eight) & (kEach << 7U)) break;
  }
  while (size < text.size() && text[size] >= ' ' && text[size] <= '~')
    ++size;
  return size;
}

std::string SafeText(std::string_view text) {
  std::string safe;
  AppendSafe(text, safe);
  return safe;
}

void AppendSafe(std::string_view text, std::string& out) {
  for (;;) {
    const std::size_t plain = PlainSize(text);
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    const Letter letter = Decode(text);
    if (letter.size == 0) {
      out += "\\x" + Hexadecimal(letter.point, 2);
    } else if (Within(kUnsafe, letter.point)) {
      out += "\\u{" + Hexadecimal(letter.point, 1) + '}';
    } else {
      out += text.substr(0, letter.size);
    }
    text.remove_prefix(std::max<std::size_t>(letter.size, 1));
  }
}

int Columns(std::string_view text) {
  int columns = 0;
  for (;;) {
    const std::size_t plain = PlainSize(text);
    columns += static_cast<int>(plain);
    text.remove_prefix(plain);
    if (text.empty()) return columns;
    const Letter letter = Decode(text);
    columns += Within(kWide, letter.point) ? 2 : 1;
    text.remove_prefix(std::max<std::size_t>(letter.size, 1));
  }
}

}  // namespace poolshift
