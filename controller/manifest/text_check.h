// What the bytes of a manifest must be before a YAML parser sees them, and how a part of them may
// be shown.
//
// YAML parsers differ in what they do with control characters, byte order marks, tabs and broken
// UTF-8 (yaml-cpp passes most of it through), and a reviewer cannot see bidirectional controls. So
// none of it is accepted: UTF-8 (an UTF-8 BOM at the start is allowed), spaces and line ends,
// nothing invisible.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "controller/model/diagnostics.h"

namespace poolshift::manifest {

// One character of UTF-8. `size` is 0 at broken bytes (overlong forms and surrogates are broken).
struct Character {
  char32_t code = 0;
  std::size_t size = 0;
};

// Decodes the first character. Requires that `text` is not empty.
Character FirstCharacter(std::string_view text);

// What is wrong with a character in a name or text ("a control character (U+0007)"), or "".
std::string CharacterFault(char32_t code);

// The fault of the first bad character of a text that may not break lines ("invalid UTF-8", ...),
// or "".
std::string TextFault(std::string_view text);

// Adds one error for each bad character (at most ten) and returns whether there was none.
bool CheckText(std::string_view file, std::string_view text, Diagnostics& diagnostics);

// `text` between backquotes, safe for a terminal: at most 80 bytes, anything unprintable as \u{…}.
std::string Quoted(std::string_view text);

}  // namespace poolshift::manifest
