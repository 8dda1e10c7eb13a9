// Pieces: the documents of a YAML text, cut at its `---` lines without reading it, so that a text
// which differs in one document need not be read again as a whole.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace poolshift::manifest {

struct PieceOfText {
  int line = 1;           // where it begins in the whole
  std::string_view text;  // a `---` line and what follows, or what stands before the first
};

// Nothing where a piece alone might not mean what it means in the whole: directives, `...`, a byte
// order mark. What is cut in two by mistake (a quoted text with such a line) is no YAML in either
// form, so a piece that does not parse says that the whole must be read.
std::optional<std::vector<PieceOfText>> CutIntoPieces(std::string_view text);

}  // namespace poolshift::manifest
