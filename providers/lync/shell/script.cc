#include "providers/lync/shell/script.h"

#include <cstdint>

#include "absl/strings/escaping.h"

namespace poolshift::lync {
namespace {

constexpr std::string_view kLoader =
    "& ([scriptblock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String("
    "[Console]::In.ReadLine()))))";

constexpr char32_t kReplacement = 0xFFFD;

// The next code point of UTF-8 text, with `at` moved on; a replacement for a byte that begins none.
char32_t NextCodePoint(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at++]);
  if (first < 0x80) return first;
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC2 ? 1 : 0;
  if (more == 0 || first > 0xF4 || at + static_cast<std::size_t>(more) > text.size())
    return kReplacement;
  char32_t point = first & (0x3FU >> more);
  for (int i = 0; i < more; ++i) {
    const auto next = static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]);
    if ((next & 0xC0U) != 0x80) return kReplacement;
    point = (point << 6U) | (next & 0x3FU);
  }
  constexpr char32_t kSmallest[] = {0, 0x80, 0x800, 0x10000};
  if (point < kSmallest[more] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000))
    return kReplacement;
  at += static_cast<std::size_t>(more);
  return point;
}

void AppendUnit(std::uint32_t unit, std::string& out) {
  out += static_cast<char>(unit & 0xFFU);
  out += static_cast<char>((unit >> 8U) & 0xFFU);
}

std::string Base64(std::string_view bytes) {
  return absl::Base64Escape({bytes.data(), bytes.size()});
}

}  // namespace

std::string WholeScript(std::string_view name) {
  const auto& texts = ScriptTexts();
  std::string text(texts.at("begin"));
  text += texts.at(name);
  text += texts.at("end");
  return text;
}

std::string EncodeCommand(std::string_view text) {
  std::string utf16;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = static_cast<std::uint32_t>(NextCodePoint(text, at));
    if (point < 0x10000) {
      AppendUnit(point, utf16);
    } else {
      AppendUnit(0xD800 + ((point - 0x10000) >> 10U), utf16);
      AppendUnit(0xDC00 + ((point - 0x10000) & 0x3FFU), utf16);
    }
  }
  return Base64(utf16);
}

const std::string& EncodedCommandLine() {
  static const std::string line =
      "powershell -NoProfile -NonInteractive -EncodedCommand " + EncodeCommand(kLoader);
  return line;
}

std::string InputFor(std::string_view script, const Value& arguments) {
  return Base64(WholeScript(script)) + '\n' + Base64(CanonicalText(arguments)) + '\n';
}

}  // namespace poolshift::lync
