#include "controller/manifest/pieces.h"

#include <algorithm>

namespace poolshift::manifest {
namespace {

// The line is this mark, alone or before a space.
bool Begins(std::string_view line, std::string_view mark) {
  if (!line.starts_with(mark)) return false;
  return line.size() == mark.size() || line[mark.size()] == ' ' || line[mark.size()] == '\t' ||
         line[mark.size()] == '\r';
}

}  // namespace

std::optional<std::vector<PieceOfText>> CutIntoPieces(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) return std::nullopt;
  std::vector<PieceOfText> pieces;
  std::size_t piece_begin = 0;
  int piece_line = 1;
  int line = 1;
  for (std::size_t begin = 0; begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view words = text.substr(begin, end - begin);
    if (words.starts_with('%') || Begins(words, "...")) return std::nullopt;
    if (Begins(words, "---") && begin > 0) {
      pieces.push_back({piece_line, text.substr(piece_begin, begin - piece_begin)});
      piece_begin = begin;
      piece_line = line;
    }
    begin = end + 1;
  }
  pieces.push_back({piece_line, text.substr(piece_begin)});
  return pieces;
}

}  // namespace poolshift::manifest
