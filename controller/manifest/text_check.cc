#include "controller/manifest/text_check.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace poolshift::manifest {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

unsigned Byte(char letter) { return static_cast<unsigned char>(letter); }

// Bytes in the character that starts with `lead`; 0 when no character starts so.
std::size_t SizeFromLead(unsigned lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

std::string CodeName(char32_t code) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "U+%04X", static_cast<unsigned>(code));
  return text.data();
}

bool IsBidirectionalControl(char32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

bool IsInvisible(char32_t code) {
  return code == 0x00AD || code == 0x200B || code == 0x200C || code == 0x200D || code == 0x2060 ||
         code == 0xFEFF || code == 0x2028 || code == 0x2029 || (code >= 0xE0000 && code <= 0xE007F);
}

// The fault of the whole encoding, seen in the first bytes.
std::string EncodingFault(std::string_view text) {
  const std::string_view start = text.substr(0, 2);
  if (start == "\xFF\xFE" || start == "\xFE\xFF") return "the file is UTF-16, not UTF-8";
  if (text.substr(0, 4) == std::string_view("\0\0\xFE\xFF", 4))
    return "the file is UTF-32, not UTF-8";
  return "";
}

class Scan {
 public:
  Scan(std::string_view file, std::string_view text, Diagnostics& diagnostics)
      : file_(file), text_(text), diagnostics_(diagnostics) {}

  bool Run() {
    std::size_t at = text_.substr(0, kByteOrderMark.size()) == kByteOrderMark ? 3 : 0;
    line_start_ = at;
    while (at < text_.size() && faults_ < kMaxFaults)
      at += Step(at);
    return faults_ == 0;
  }

 private:
  static constexpr int kMaxFaults = 10;  // a binary file has thousands

  // Bytes consumed.
  std::size_t Step(std::size_t at) {
    const unsigned byte = Byte(text_[at]);
    if (byte >= 0x20 && byte < 0x7F) return 1;
    if (byte == '\n') {
      ++line_;
      line_start_ = at + 1;
      return 1;
    }
    if (byte == '\r' && text_.substr(at + 1, 1) == "\n") return 1;
    if (byte == '\t')
      return Fault(at, "a tab", "indent and separate with spaces; in a quoted text write \\t");
    const Character character = FirstCharacter(text_.substr(at));
    if (character.size == 0) return Fault(at, "invalid UTF-8", "save the file as UTF-8");
    const std::string fault = CharacterFault(character.code);
    if (!fault.empty()) Fault(at, fault, "remove it");
    return character.size;
  }

  std::size_t Fault(std::size_t at, const std::string& what, const std::string& hint) {
    ++faults_;
    const int column = static_cast<int>(at - line_start_) + 1;
    diagnostics_.Error({std::string(file_), line_, column}, what, hint);
    return 1;
  }

  std::string_view file_;
  std::string_view text_;
  Diagnostics& diagnostics_;
  std::size_t line_start_ = 0;
  int line_ = 1;
  int faults_ = 0;
};

}  // namespace

Character FirstCharacter(std::string_view text) {
  const unsigned lead = Byte(text[0]);
  const std::size_t size = SizeFromLead(lead);
  if (size == 0 || text.size() < size) return {};
  if (size == 1) return {lead, 1};
  char32_t code = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((Byte(text[i]) & 0xC0U) != 0x80) return {};
    code = (code << 6U) | (Byte(text[i]) & 0x3FU);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return {};
  return {code, size};
}

std::string CharacterFault(char32_t code) {
  if (code == 0) return "a NUL character";
  if (code < 0x20 || (code >= 0x7F && code < 0xA0))
    return "a control character (" + CodeName(code) + ")";
  if (IsBidirectionalControl(code)) {
    return "a bidirectional control character (" + CodeName(code) + ") that hides what is written";
  }
  if (IsInvisible(code)) return "an invisible character (" + CodeName(code) + ")";
  if ((code & 0xFFFEU) == 0xFFFE) return "a code that is no character (" + CodeName(code) + ")";
  return "";
}

std::string TextFault(std::string_view text) {
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    if (character.size == 0) return "invalid UTF-8";
    std::string fault = CharacterFault(character.code);
    if (!fault.empty()) return fault;
    text.remove_prefix(character.size);
  }
  return "";
}

bool CheckText(std::string_view file, std::string_view text, Diagnostics& diagnostics) {
  const std::string encoding = EncodingFault(text);
  if (!encoding.empty()) {
    diagnostics.Error({std::string(file), 1, 1}, encoding, "save it as UTF-8");
    return false;
  }
  return Scan(file, text, diagnostics).Run();
}

std::string Quoted(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  std::string shown = "`";
  while (!text.empty() && shown.size() < kLongest) {
    const Character character = FirstCharacter(text);
    const std::size_t size = character.size == 0 ? 1 : character.size;
    if (character.size == 0 || !CharacterFault(character.code).empty()) {
      const char32_t code = character.size == 0 ? Byte(text[0]) : character.code;
      shown += "\\u{" + CodeName(code).substr(2) + '}';
    } else {
      shown += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  if (!text.empty()) shown += "…";
  return shown + '`';
}

}  // namespace poolshift::manifest
